import type { IdentityError } from "@azidentity/core";
import { type FailedCall, isOfCore, withDetails } from "./core-error.ts";
import { AuthenticationError, AuthenticationRequiredError, CredentialUnavailableError } from "./errors.ts";
import { withOwnNames } from "./own-names.ts";
import { messageOf } from "./words.ts";

/**
 * The class of the errors of a credential, as programs that were written for `@azure/identity` know
 * them: `required` of applications and users, also for a secret that Entra refused; `unavailable`
 * of hosts and tools; `environment`.
 */
export type ErrorRule = "required" | "unavailable" | "environment";

/**
 * Faults of a certificate's file, which are plain errors in `@azure/identity`: they end a chain.
 */
const certificateFaults: readonly string[] = [
  "unreadable-certificate",
  "invalid-certificate",
  "missing-certificate",
  "missing-private-key",
  "several-private-keys",
  "unsupported-private-key",
  "wrong-certificate-password",
  "unsupported-certificate-cipher",
  "pkcs12-not-loaded",
];
/** Faults of the tenant that a call names. */
const tenantFaults: readonly string[] = ["tenant-not-allowed", "invalid-tenant"];
/** Faults of the scopes and claims; the name is that of MSAL's error. */
const requestFaults: readonly string[] = ["no-scope", "invalid-scope", "invalid-claims"];
/** Faults of the build service that issues assertions. */
const oidcFaults: readonly string[] = [
  "oidc-token-refused",
  "empty-oidc-response",
  "invalid-oidc-response",
  "captive-portal",
];

const environmentFailed =
  "EnvironmentCredential authentication failed. To troubleshoot, visit https://aka.ms/azsdk/js/identity/environmentcredential/troubleshoot.";

/** The error in its class. */
function inItsClass(error: IdentityError, rule: ErrorRule, call: FailedCall): Error {
  const message = messageOf(error, call);
  const cause = { cause: error };
  const { outcome, code } = error;
  const isAbsent = outcome === "not-configured" || outcome === "not-installed";
  if (rule === "unavailable" || isAbsent) return new CredentialUnavailableError(message, cause);
  if (rule === "environment")
    return new AuthenticationError(400, { error: environmentFailed, error_description: message }, cause);
  if (tenantFaults.includes(code)) return new CredentialUnavailableError(message, cause);
  if (certificateFaults.includes(code)) return new Error(message, cause);
  if (requestFaults.includes(code))
    return Object.assign(new Error(message, cause), { name: "ClientConfigurationError" });
  if (call.of === "AzurePipelinesCredential" && oidcFaults.includes(code)) {
    const what =
      code === "empty-oidc-response"
        ? "Received null token from OIDC request."
        : "oidcToken field not detected in the response.";
    const failed = `${call.className}: Authentication Failed. ${what}`;
    const status = ("statusCode" in error && error.statusCode) || 200; // an empty response counts as none
    return new AuthenticationError(status, { error: failed, error_description: message }, cause);
  }
  const { scopes, options } = call;
  const list = Array.isArray(scopes) ? scopes : [scopes];
  return new AuthenticationRequiredError({ scopes: list, getTokenOptions: options ?? {}, message, ...cause });
}

/**
 * Whether an error means the same in every library: about the config, or of an abort. A user who
 * declines aborts nothing.
 */
export const isKept = (error: unknown): boolean =>
  !isOfCore(error) ||
  error.name === "ConfigurationError" ||
  (error.name === "AbortError" && error.code !== "sign-in-declined");

/** An error that is kept, but for the names that it has for what the program has passed. */
export const keptError = (error: unknown, { className }: FailedCall): unknown =>
  isOfCore(error) ? withOwnNames(error, className) : error;

/**
 * The error that `@azure/identity` would throw in the place of core's, with core's message, its
 * fields, and itself as `cause`. Errors about the config, of an abort, and of other libraries stay
 * as they are.
 */
export function translateError(error: unknown, rule: ErrorRule, call: FailedCall): unknown {
  if (isKept(error)) return keptError(error, call);
  return withDetails(inItsClass(error as IdentityError, rule, call), error as IdentityError);
}
