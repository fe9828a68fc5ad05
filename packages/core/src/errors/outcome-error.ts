import type { OutcomeCode } from "../contract/error-code.ts";
import {
  AbortError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
  type ErrorDetails,
  type IdentityError,
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
