import type { IssuedToken } from "@azidentity/core/plugin";
import { createTestRequest } from "@azidentity/core/testing";
import { expect, it } from "vitest";
import { createQueue, createSinglePrompt } from "./single-prompt.ts";

const request = createTestRequest();
const userRequired = new Error("a user has to sign in");
const tokenOf = (token: string): IssuedToken => ({ token, expiresOnTimestamp: 1, tokenType: "Bearer" });

function setUp({ automatic = true, helps = true } = {}) {
  const prompts: unknown[] = [];
  let isSignedIn = false;
  const signIn = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isSignedIn = helps;
  };
  const prompt = createSinglePrompt({
    sourceName: "test",
    automatic,
    needsUser: (error) => error === userRequired,
    async silent() {
      if (isSignedIn) return tokenOf("silent");
      throw userRequired;
    },
    async prompt(_, refusal) {
      prompts.push(refusal);
      await signIn();
      return tokenOf("prompted");
    },
  });
  return { prompt, prompts, signIn };
}

it("one prompt serves all waiting callers, and receives the refusal", async () => {
  const { prompt, prompts } = setUp();
  const issued = await Promise.all([1, 2, 3].map(() => prompt.getToken(request)));
  expect(issued.map(({ token }) => token)).toEqual(["prompted", "silent", "silent"]);
  expect(prompts).toEqual([userRequired]);
});

it("each waiting caller gets a prompt of its own when the first sign-in does not help the others", async () => {
  const { prompt, prompts } = setUp({ helps: false });
  await Promise.all([1, 2].map(() => prompt.getToken(request)));
  expect(prompts).toEqual([userRequired, userRequired]);
});

it("a caller that waits for authenticate() gets its token silently afterwards", async () => {
  const { prompt, prompts, signIn } = setUp();
  const signedIn = prompt.authenticate(request, signIn);
  expect((await prompt.getToken(request)).token).toBe("silent");
  await signedIn;
  expect(prompts).toEqual([]);
});

it("a background refresh and a manual credential fail with sign-in-required instead of a prompt", async () => {
  const background = setUp();
  const required = expect.objectContaining({ code: "sign-in-required", cause: userRequired });
  await expect(background.prompt.getToken({ ...request, background: true })).rejects.toEqual(required);
  const manual = setUp({ automatic: false });
  await expect(manual.prompt.getToken(request)).rejects.toEqual(required);
  expect([...background.prompts, ...manual.prompts]).toEqual([]);
});

const alive = new AbortController().signal;

it("the queue runs one piece of work at a time, in the order of the calls", async () => {
  const queue = createQueue();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = [
    queue(alive, async () => {
      seen.push("first begins");
      await first.promise;
      seen.push("first ends");
    }),
    queue(alive, async () => void seen.push("second")),
    queue(alive, async () => void seen.push("third")),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(["first begins"]);
  first.resolve();
  await Promise.all(all);
  expect(seen).toEqual(["first begins", "first ends", "second", "third"]);
});

it("the queue continues after a failure, and never starts work that was aborted while it waited", async () => {
  const queue = createQueue();
  const first = Promise.withResolvers<void>();
  const failing = queue(alive, () => first.promise);
  const controller = new AbortController();
  const leaving = queue(controller.signal, async () => expect.unreachable());
  const last = queue(alive, async () => "last");
  controller.abort(new Error("gone"));
  await expect(leaving).rejects.toThrow("gone");
  first.reject(new Error("failed"));
  await expect(failing).rejects.toThrow("failed");
  expect(await last).toBe("last");
});

it("the queue does not start the next work early because work before it was aborted", async () => {
  const queue = createQueue();
  const first = Promise.withResolvers<void>();
  const working = queue(alive, () => first.promise);
  const between = queue(AbortSignal.abort(new Error("gone")), async () => expect.unreachable());
  await expect(between).rejects.toThrow("gone");
  let began = false;
  const next = queue(alive, async () => {
    began = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(began).toBe(false);
  first.resolve();
  await Promise.all([working, next]);
});
