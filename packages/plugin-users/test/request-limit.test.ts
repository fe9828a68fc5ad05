import { createFakeClock, type FakeReply } from "@azidentity/core/testing";
import { scope } from "@azidentity/test-support";
import { beforeAll, expect, it } from "vitest";
import { loadMsal } from "../src/msal/exchange.ts";
import { deviceAnswer } from "./user-answer.ts";
import { ann, code, ids, other, password, setUp } from "./user-world.ts";

beforeAll(() => void loadMsal()); // the first test is not to wait for it

/** An identity on a fake clock, and how many requests it has sent after so many seconds. */
function start(...replies: readonly FakeReply[]) {
  const clock = createFakeClock();
  const world = setUp(replies, { clock });
  /** Time on a fake clock does not wait for modules, so it begins with the pending request. */
  const sent = async (count: number) => {
    while (world.http.requests.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const requestsAfter = async (seconds: number) => {
    for (let passed = 0; passed < seconds * 2; passed++) await clock.advance(500);
    return world.http.requests.length;
  };
  /** Lets time pass until the work is done. */
  const passedUntil = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  };
  return { ...world, sent, requestsAfter, passedUntil };
}

it("a password is sent again if there was no response in ten seconds", async () => {
  const { identity, http, sent, requestsAfter, passedUntil } = start("silence", ann);
  const token = identity.credential("username-password", password).getToken(scope);
  await sent(1);
  expect(await requestsAfter(9)).toBe(1);
  expect((await passedUntil(token)).token).toBe("token-of-ann");
  expect(http.requests).toHaveLength(2);
});

it("a device code is requested again if there was no response in ten seconds", async () => {
  const { identity, http, sent, passedUntil } = start("silence", deviceAnswer(), ann);
  const options = { ...ids, userPromptCallback: () => undefined };
  const token = identity.credential("device-code", options).getToken(scope);
  await sent(1);
  expect((await passedUntil(token)).token).toBe("token-of-ann");
  expect(http.requests.map(({ url }) => new URL(url).pathname.split("/").at(-1))).toEqual([
    "devicecode",
    "devicecode",
    "token",
  ]);
});

it("an authorization code is not sent again if there is no response", async () => {
  const { identity, sent, requestsAfter } = start("silence", ann);
  const token = identity.credential("authorization-code", code).getToken(scope);
  const error = token.catch((thrown) => thrown);
  await sent(1);
  expect(await requestsAfter(65)).toBe(1);
  expect(await error).toMatchObject({ outcome: "timeout" });
});

it("a refresh token is not sent again if there is no response", async () => {
  const { identity, sent, requestsAfter } = start(ann, "silence", ann);
  const credential = identity.credential("username-password", password);
  await credential.getToken(scope);
  const error = credential.getToken(other).catch((thrown) => thrown);
  await sent(2);
  expect(await requestsAfter(40)).toBe(2);
  expect(await error).toMatchObject({ outcome: "timeout" });
});
