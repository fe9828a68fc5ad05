import { expect, it } from "vitest";
import { callerAborted } from "../async/abort.ts";
import { AbortError, AggregateAuthenticationError, ConfigurationError, isIdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";

it("keeps what an answer said", () => {
  const errorResponse = { error: "invalid_client", errorDescription: "no" };
  expect(outcomeError("rejected", "No.", { statusCode: 401, errorResponse, retryAfterMs: 5 })).toMatchObject({
    statusCode: 401,
    errorResponse,
    retryAfterMs: 5,
  });
  expect(outcomeError("rejected", "No.")).toMatchObject({ statusCode: 0 });
  const claims = "{}";
  expect(outcomeError("interaction-required", "Sign in.", { claims, scopes: ["s"] })).toMatchObject({
    claims,
    scopes: ["s"],
  });
});

it("leaves the cause out where an error is spread or turned into JSON", () => {
  const error = outcomeError("rejected", "No.", { cause: new Error("c4n4ry") });
  expect(Object.keys(error)).not.toContain("cause");
  expect(JSON.stringify(error)).not.toContain("c4n4ry");
});

it("recognises the errors of another copy by their mark, whatever their class", () => {
  class Elsewhere extends Error {
    get [Symbol.for("@azidentity/error")]() {
      return true;
    }
  }
  expect(isIdentityError(new Elsewhere())).toBe(true);
  expect(isIdentityError(outcomeError("failed", "It failed."))).toBe(true);
  expect(isIdentityError(new ConfigurationError("unknown-key", "x"))).toBe(true);
  expect(isIdentityError(new AggregateAuthenticationError([], "x"))).toBe(true);
});

it.each([
  ["a plain error", new Error("x")],
  ["an error with our name", Object.assign(new Error("x"), { name: "AuthenticationError", outcome: "failed" })],
  ["null", null],
  ["undefined", undefined],
  ["a string", "AuthenticationError"],
])("does not take %s for one of ours", (_, value) => {
  expect(isIdentityError(value)).toBe(false);
});

it("says which file and which place in it is wrong", () => {
  const error = new ConfigurationError("unknown-key", "No.", { file: "/p/c.json", path: "sources.x", remedy: "Mend." });
  expect(error).toMatchObject({
    name: "ConfigurationError",
    code: "unknown-key",
    file: "/p/c.json",
    path: "sources.x",
  });
  expect(error).toMatchObject({ outcome: "misconfigured", message: "No. Mend." });
});

it("holds one error for each attempt, in order", () => {
  const errors = [outcomeError("not-configured", "a"), outcomeError("timeout", "b")];
  const error = new AggregateAuthenticationError(errors, "Nobody.");
  expect(error).toMatchObject({ name: "AggregateAuthenticationError", code: "no-credential-available" });
  expect(error.errors).toEqual(errors);
});

it("tells a caller who gave up with the error that the Azure SDKs expect", () => {
  expect(callerAborted()).toBeInstanceOf(AbortError);
  expect(callerAborted()).toMatchObject({ name: "AbortError", code: "cancelled", outcome: "cancelled" });
});
