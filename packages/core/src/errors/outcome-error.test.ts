import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { OutcomeCode } from "../contract/error-code.ts";
import { outcomeError } from "./outcome-error.ts";

/** The class that the documentation promises for each outcome. */
const promised: Readonly<Record<OutcomeCode, string>> = {
  "not-configured": "CredentialUnavailableError",
  "not-installed": "CredentialUnavailableError",
  "not-signed-in": "CredentialUnavailableError",
  unreachable: "CredentialUnavailableError",
  timeout: "CredentialUnavailableError",
  throttled: "AuthenticationError",
  "interaction-required": "AuthenticationRequiredError",
  rejected: "AuthenticationError",
  misconfigured: "AuthenticationError",
  failed: "AuthenticationError",
  cancelled: "AbortError",
};
const outcomes = Object.entries(promised) as [OutcomeCode, string][];

it.each(outcomes)("the outcome %s makes a %s with that outcome and code", (outcome, name) => {
  const error = outcomeError(outcome, "It failed.");
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name, outcome, code: outcome, message: "It failed." });
  expect(error.constructor.name).toBe(name);
  expect(outcomeError(outcome, "It failed.", { code: "tool-failed" }).code).toBe("tool-failed");
});

it.each(outcomes)("the message for %s ends with the remedy, and the cause is kept", (outcome) => {
  const cause = new Error("below");
  const error = outcomeError(outcome, "It failed.", { remedy: "Run: az login", cause });
  expect(error.message).toBe("It failed. Run: az login");
  expect(error).toMatchObject({ remedy: "Run: az login" });
  expect(error.cause).toMatchObject({ message: cause.message, stack: cause.stack });
});

it.each(outcomes)("a missing cause of %s is not printed", (outcome) => {
  expect(inspect(outcomeError(outcome, "It failed."))).not.toContain("[cause]");
  expect("cause" in outcomeError(outcome, "It failed.")).toBe(false);
});

it("An outcome that only another copy of core knows makes an AuthenticationError with that outcome", () => {
  const outcome = "paused" as OutcomeCode;
  expect(outcomeError(outcome, "It is paused.")).toMatchObject({ name: "AuthenticationError", outcome, code: outcome });
});
