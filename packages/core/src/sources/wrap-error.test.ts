import { inspect } from "node:util";
import { expect, it } from "vitest";
import { defineOptions } from "../contract/options.ts";
import { outcomeError } from "../contract/outcome-error.ts";
import type { AnySource } from "../contract/plugin.ts";
import { secretsOf, wrapError } from "./wrap-error.ts";

it("leaves our own errors as they are", () => {
  const error = outcomeError("rejected", "No.");
  expect(wrapError("mine", error)).toBe(error);
});

it("makes a failure of anything else, names the source, and keeps the cause", () => {
  const cause = new TypeError("x is not a function");
  const error = wrapError("mine", cause);
  expect(error).toMatchObject({ name: "AuthenticationError", code: "failed", outcome: "failed", cause });
  expect((error as Error).message).toBe("mine failed: TypeError: x is not a function");
});

it.each([["text c4n4ry"], [undefined], [null], [{ token: "c4n4ry" }]])(
  "does not print what is no error: %j",
  (thrown) => {
    const error = wrapError("mine", thrown) as Error;
    expect(error).toMatchObject({ code: "failed", message: "mine failed: it threw something that is not an error" });
  },
);

it("redacts and cuts foreign text", () => {
  const error = wrapError("mine", new Error(`client_secret=c4n4ry ${"x".repeat(10_000)}`)) as Error;
  expect(error.message).toContain("client_secret=[redacted]");
  expect(error.message.length).toBeLessThan(600);
});

it("does not quote the text that could not be parsed", () => {
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
    expect(inspect(wrapError("s", thrown), { depth: 5 })).not.toContain("canary");
  }
});

it("blanks out the secrets that the source was given, in the message and in every cause", () => {
  const options = defineOptions({ password: { type: "string", secret: true }, user: { type: "string" } });
  const source = { options } as AnySource;
  const given = { password: "correct horse", user: "alice" };
  const secrets = secretsOf(source, given, { userAssertion: "the user's" });
  expect(secrets).toEqual(["correct horse", "the user's"]);
  const cause = new Error("cannot log in with correct horse", { cause: new Error("nor with the user's") });
  const shown = inspect(wrapError("mine", cause, secrets), { depth: 5 });
  expect(shown).toContain("cannot log in with [redacted]");
  expect(shown).not.toMatch(/correct horse|the user's/);
});
