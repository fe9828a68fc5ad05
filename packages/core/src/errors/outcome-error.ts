import type { OutcomeCode } from "../contract/error-code.ts";
import {
  AbortError,
  AggregateAuthenticationError,
  AuthenticationError,
  AuthenticationRequiredError,
  ConfigurationError,
  CredentialUnavailableError,
  type ErrorDetails,
  type IdentityError,
  isIdentityError,
} from "./errors.ts";
import { type OutcomeOf, outcomeRow } from "./outcomes.ts";

/**
 * The error for an attempt that ended in `outcome`; what sources throw.
 *
 * @example
 * throw outcomeError("not-signed-in", "No account is signed in to the Azure CLI.", { remedy: "Run: az login" });
 */
export function outcomeError(outcome: OutcomeCode, message: string, details: ErrorDetails = {}): IdentityError {
  switch (outcomeRow(outcome).error) {
    case "CredentialUnavailableError":
      return new CredentialUnavailableError(message, outcome as OutcomeOf<"CredentialUnavailableError">, details);
    case "AuthenticationError":
      return new AuthenticationError(message, outcome as OutcomeOf<"AuthenticationError">, details);
    case "AuthenticationRequiredError":
      return new AuthenticationRequiredError(message, details);
    case "AbortError":
      return new AbortError(message, details);
  }
}

/** What happened, without the remedy with which the message of an error ends. */
export function problemOf({ message, remedy }: Pick<IdentityError, "message" | "remedy">): string {
  const end = ` ${remedy}`;
  return message.endsWith(end) ? message.slice(0, -end.length) : message;
}

/** An error of the same class and fields with another message, which has the remedy already. */
export function reworded(error: IdentityError, message = error.message): IdentityError {
  if (error.name === "AggregateAuthenticationError")
    return new AggregateAuthenticationError(error.errors, message, error.remedy);
  const details = { remedy: undefined, cause: error };
  const made =
    error.name === "ConfigurationError"
      ? new ConfigurationError(error.code, message, { ...error, ...details })
      : outcomeError(error.outcome, message, { ...error, ...details });
  return Object.assign(made, { remedy: error.remedy });
}

/**
 * The same failure as one of `label`, such as a source, with a remedy that fits there: services do
 * not know for whom they work. Errors that are not about an attempt, and those that have the label
 * already, are returned as they are.
 *
 * @param chooseRemedy gets the own remedy
 */
export function relabelError(
  error: unknown,
  label: string,
  chooseRemedy: (own: string | undefined) => string | undefined,
): unknown {
  if (!isIdentityError(error)) return error;
  if (error.name !== "CredentialUnavailableError" && error.name !== "AuthenticationError") return error;
  const { outcome, code, remedy } = error;
  const problem = problemOf(error);
  if (problem.startsWith(`${label}: `)) return error;
  return outcomeError(outcome, `${label}: ${problem}`, { code, remedy: chooseRemedy(remedy), cause: error });
}
