import { expect, it } from "vitest";
import { callerAborted } from "../async/abort.ts";
import { AbortError, AggregateAuthenticationError, ConfigurationError, isIdentityError } from "./errors.ts";
import { outcomeError } from "./outcome-error.ts";

it("an error keeps the fields of the server's answer", () => {
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

it("spreading an error or turning it into JSON omits the cause", () => {
  const error = outcomeError("rejected", "No.", { cause: new Error("c4n4ry") });
  expect(error.cause).toMatchObject({ message: "c4n4ry" });
  expect(Object.keys(error)).not.toContain("cause");
  expect({ ...error }).toMatchObject({ outcome: "rejected" });
  expect(JSON.stringify(error)).not.toContain("c4n4ry");
});

it("errors of another copy of core are recognised by their mark, regardless of class", () => {
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
])("%s is not recognised as an error of azidentity", (_, value) => {
  expect(isIdentityError(value)).toBe(false);
});

it("a ConfigurationError has the file and the path of the mistake", () => {
  const error = new ConfigurationError("unknown-key", "No.", {
    file: "/p/c.json",
    path: "sources.x",
    remedy: "Fix it.",
  });
  expect(error).toMatchObject({
    name: "ConfigurationError",
    code: "unknown-key",
    file: "/p/c.json",
    path: "sources.x",
  });
  expect(error).toMatchObject({ outcome: "misconfigured", message: "No. Fix it." });
});

it("an AggregateAuthenticationError has one error per attempt, in order", () => {
  const errors = [outcomeError("not-configured", "a"), outcomeError("timeout", "b")];
  const error = new AggregateAuthenticationError(errors, "No source.");
  expect(error).toMatchObject({ name: "AggregateAuthenticationError", code: "no-credential-available" });
  expect(error.errors).toEqual(errors);
});

it("an AbortError is one that the Azure SDKs recognise", () => {
  expect(callerAborted()).toBeInstanceOf(AbortError);
  expect(callerAborted()).toMatchObject({ name: "AbortError", code: "cancelled", outcome: "cancelled" });
});

it("what the runtime refuses for lack of a flag is permission-denied, and the flag the remedy, whatever was tried", () => {
  const cause = Object.assign(new Error('Requires read access to "/f", run again with the --allow-read flag'), {
    name: "NotCapable",
  });
  const denied = {
    code: "permission-denied",
    remedy: "Start the program with --allow-read.",
    cause: { name: "NotCapable" },
  };
  const details = { remedy: "Check the path.", cause };
  const refused = outcomeError("misconfigured", "It cannot be read.", { ...details, code: "token-file-unreadable" });
  expect(refused).toMatchObject({ ...denied, message: "It cannot be read. Start the program with --allow-read." });
  expect(outcomeError("unreachable", "No answer.", details)).toMatchObject(denied);
  expect(new ConfigurationError("config-unreadable", "It cannot be read.", details)).toMatchObject(denied);
  const another = outcomeError("failed", "It failed.", { code: "tool-failed", remedy: "Look at it.", cause: refused });
  expect(another).toMatchObject({ code: "tool-failed", remedy: "Look at it." });
});
