import type { IssuedToken } from "@azidentity/core/plugin";
import { createTestRequest } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createOneQuestion } from "./one-question.ts";

const request = createTestRequest();
const person = new Error("a person has to sign in");
const tokenOf = (token: string): IssuedToken => ({ token, expiresOnTimestamp: 1, tokenType: "Bearer" });

function setUp({ automatic = true, helps = true } = {}) {
  const asked: unknown[] = [];
  let isSignedIn = false;
  const signIn = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isSignedIn = helps;
  };
  const question = createOneQuestion({
    sourceName: "test",
    automatic,
    isAboutPerson: (error) => error === person,
    async silent() {
      if (isSignedIn) return tokenOf("silent");
      throw person;
    },
    async ask(_, refusal) {
      asked.push(refusal);
      await signIn();
      return tokenOf("asked");
    },
  });
  return { question, asked, signIn };
}

it("asks one of all who wait, and says why", async () => {
  const { question, asked } = setUp();
  const issued = await Promise.all([1, 2, 3].map(() => question.getToken(request)));
  expect(issued.map(({ token }) => token)).toEqual(["asked", "silent", "silent"]);
  expect(asked).toEqual([person]);
});

it("asks each of them where the first answer does not do for the others", async () => {
  const { question, asked } = setUp({ helps: false });
  await Promise.all([1, 2].map(() => question.getToken(request)));
  expect(asked).toEqual([person, person]);
});

it("asks nobody who waits for somebody else's sign-in, which is enough", async () => {
  const { question, asked, signIn } = setUp();
  const signedIn = question.authenticate(request, signIn);
  expect((await question.getToken(request)).token).toBe("silent");
  await signedIn;
  expect(asked).toEqual([]);
});

it("asks nobody beside the callers, or where that is not wanted", async () => {
  const background = setUp();
  const required = expect.objectContaining({ code: "sign-in-required", cause: person });
  await expect(background.question.getToken({ ...request, background: true })).rejects.toEqual(required);
  const manual = setUp({ automatic: false });
  await expect(manual.question.getToken(request)).rejects.toEqual(required);
  expect([...background.asked, ...manual.asked]).toEqual([]);
});
