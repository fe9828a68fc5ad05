import { inspect } from "node:util";
import { expect, it } from "vitest";
import { outcomeError } from "./outcome-error.ts";
import { wrapError } from "./wrap-error.ts";

it("errors of azidentity are not wrapped", () => {
  const error = outcomeError("rejected", "No.");
  expect(wrapError("mine", error)).toBe(error);
});

it("any other error becomes a failure with the name of the source and the cause", () => {
  const cause = new TypeError("x is not a function");
  const error = wrapError("mine", cause);
  expect(error).toMatchObject({ name: "AuthenticationError", code: "failed", outcome: "failed", cause });
  expect((error as Error).message).toBe(
    'mine failed: "TypeError: x is not a function". Look at the `cause`, or report it to the author of the source.',
  );
});

it.each([
  ["text c4n4ry"],
  [undefined],
  [null],
  [7],
  [{ token: "c4n4ry" }],
  [Object.assign(() => 1, { token: "c4n4ry" })],
])("a thrown value that is not an error is neither shown nor kept: %j", (thrown) => {
  const error = wrapError("mine", thrown) as Error;
  expect(error).toMatchObject({
    code: "failed",
    message: expect.stringMatching(/^mine failed: it threw something that is not an error\. [A-Z]/),
  });
  expect(error).not.toHaveProperty("cause");
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("c4n4ry");
});

it("text of a foreign error is redacted and cut", () => {
  const error = wrapError("mine", new Error(`client_secret=c4n4ry ${"x".repeat(10_000)}`)) as Error;
  expect(error.message).toContain("client_secret=[redacted]");
  expect(error.message.length).toBeLessThan(600);
});

it("the message does not quote text that could not be parsed", () => {
  for (const text of [
    "canary",
    'canary"canary',
    `{"token":"${"canary".repeat(30)}"`,
    `[1,2,canary${"x".repeat(99)}]`,
  ]) {
    const thrown = (() => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return error;
      }
    })();
    const error = wrapError("s", thrown) as Error;
    expect(error.message).toMatch(/JSON/);
    expect(inspect(error, { depth: 5 })).not.toContain("canary");
  }
});

it("a foreign error goes without the secrets of its source, in the message and in every cause", () => {
  const secrets = ["correct horse", "the user's"];
  const cause = new Error("cannot log in with correct horse", { cause: new Error("nor with the user's") });
  const shown = inspect(wrapError("mine", cause, secrets), { depth: 5 });
  expect(shown).toContain("cannot log in with [redacted]");
  expect(shown).not.toMatch(/correct horse|the user's/);
});

it("an error of ours that a plugin made of what a server said goes without the secrets of its source", () => {
  const secret = 'c4n4ry"+/=';
  const error = outcomeError("interaction-required", `It said ${JSON.stringify(secret)}.`, {
    remedy: `Type ${encodeURIComponent(secret)}.`,
    claims: `{"access_token":{"value":${JSON.stringify(secret)}}}`,
    errorResponse: { error: secret, errorDescription: `bad ${secret}`, errorCodes: [1] },
    cause: new Error(secret, { cause: new Error(`deep ${secret}`) }),
  });
  const wrapped = wrapError("mine", error, [secret]);
  expect(wrapped).toBe(error);
  expect(error).toMatchObject({ remedy: "Type [redacted].", claims: '{"access_token":{"value":"[redacted]"}}' });
  expect(error).toMatchObject({ errorResponse: { error: "[redacted]", errorDescription: "bad [redacted]" } });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("c4n4ry");
  expect(error.stack).toContain("wrap-error.test");
});

it("claims that are not JSON without a secret are omitted", () => {
  const error = outcomeError("interaction-required", "no", { claims: '{"a":"c4n4ry-secret"}' });
  wrapError("mine", error, ['"c4n4ry-secret"}']);
  expect(error).toMatchObject({ claims: undefined });
});
