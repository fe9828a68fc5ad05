import type { OutcomeCode } from "../contract/outcome.ts";
import {
  AbortError,
  AuthenticationError,
  AuthenticationRequiredError,
  CredentialUnavailableError,
  type ErrorDetails,
  type IdentityError,
} from "./errors.ts";

type Make = (message: string, outcome: OutcomeCode, details: ErrorDetails) => IdentityError;
const unavailable: Make = (message, outcome, details) => new CredentialUnavailableError(message, outcome, details);
const failure: Make = (message, outcome, details) => new AuthenticationError(message, outcome, details);

/** Outcome → error class. */
const classes: Readonly<Record<OutcomeCode, Make>> = {
  "not-configured": unavailable,
  "not-installed": unavailable,
  "not-signed-in": unavailable,
  unreachable: unavailable,
  timeout: unavailable,
  throttled: failure,
  "interaction-required": (message, _, details) => new AuthenticationRequiredError(message, details),
  rejected: failure,
  misconfigured: failure,
  cancelled: (message, _, details) => new AbortError(message, details),
  failed: failure,
};

/**
 * The error for an attempt that ended in `outcome`; what sources throw.
 *
 * @example
 * throw outcomeError("not-signed-in", "No account is signed in to the Azure CLI.", { remedy: "Run: az login" });
 */
export function outcomeError(outcome: OutcomeCode, message: string, details: ErrorDetails = {}): IdentityError {
  return classes[outcome](message, outcome, details);
}
