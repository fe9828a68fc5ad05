import type { OutcomeCode } from "../contract/error-code.ts";
import type { AnySource } from "../contract/services.ts";
import type { AccessToken, GetTokenOptions, TokenCredentialLike, TokenRequest } from "../contract/token.ts";
import { type IdentityError, isIdentityError } from "../errors/errors.ts";
import { outcomeError, reworded } from "../errors/outcome-error.ts";
import { standFor } from "../errors/passed-on.ts";
import { quote } from "../errors/quote.ts";
import { redact } from "../errors/redact.ts";
import { wrapError } from "../errors/wrap-error.ts";
import { reportedPrincipal } from "../token/access-token.ts";
import { isError } from "../util/is-error.ts";

/** Characters of the credential's own message that a message quotes. */
const maxQuoteLength = 300;
const remedy = "Check how that credential is configured.";

/**
 * Error names of the Azure SDKs → outcome. They call nearly every failure
 * "AuthenticationRequiredError", so that one has to stop a chain.
 */
const outcomes: Readonly<Record<string, OutcomeCode>> = {
  CredentialUnavailableError: "not-configured",
  AuthenticationRequiredError: "interaction-required",
  AuthenticationError: "rejected",
  AbortError: "cancelled",
};

/** The failure in terms of a chain. */
function inOurTerms(label: string, error: unknown): unknown {
  if (isIdentityError(error)) return reworded(error); // also one of another identity
  const outcome = isError(error) ? outcomes[error.name] : undefined;
  if (outcome === undefined) return wrapError(label, error);
  const text = quote(redact((error as Error).message, 512), maxQuoteLength);
  return outcomeError(outcome, `${label}: ${text}.`, { remedy, cause: error });
}

/**
 * An error of ours that stands for theirs. What is thrown without being an error is described
 * alone.
 */
function standIn(label: string, error: unknown): unknown {
  let own: unknown;
  let hasError = true;
  try {
    hasError = isError(error);
    own = inOurTerms(label, error);
  } catch {
    own = outcomeError("failed", `${label} failed with an error that cannot be read.`, { remedy });
  }
  return hasError ? standFor(own as IdentityError, error) : own;
}

/** The call in its caller's words; with the tenant that was found to be meant by another name. */
function callOf({ original, signal, ...request }: TokenRequest): [scopes: string | string[], options: GetTokenOptions] {
  if (original !== undefined) {
    const { scopes, options } = original;
    return [typeof scopes === "string" ? scopes : [...scopes], { ...options, abortSignal: signal }];
  }
  const { scopes, claims, enableCae, tenantId, proofOfPossession: proofOfPossessionOptions } = request;
  return [[...scopes], { abortSignal: signal, claims, enableCae, tenantId, proofOfPossessionOptions }];
}

/** A name that fits into a message: letters of ASCII, digits, `_` and `$`. */
const plainName = /^[\w$]{1,99}$/;

/** The name of its class, or its own if it is a function; a general one where that says nothing. */
function labelOf(credential: TokenCredentialLike): string {
  try {
    const { name } = typeof credential === "function" ? credential : credential.constructor;
    if (typeof name === "string" && name !== "Object" && plainName.test(name)) return name;
  } catch {
    // it has no constructor, or one that cannot be read
  }
  return "token-credential";
}

/**
 * Makes a source of any object that has `getToken`, so that it can stand in a chain and share in
 * cache and deadline. It is called as it would be without a chain, and its errors reach the caller
 * as they are. Its class says nothing about its principal, so only a `subject` that the caller
 * gives lets its tokens be stored.
 */
export function foreignSource(credential: TokenCredentialLike, subject?: string): AnySource {
  const label = labelOf(credential);
  return {
    name: label,
    kind: "deployed",
    tenantPolicy: "any",
    supports: ["proof-of-possession"],
    detect: () => ({ state: "ready", reason: "It is in the chain as an object." }),
    subject: () => subject,
    create: () => ({
      async getToken(request) {
        try {
          const given = await credential.getToken(...callOf(request));
          if (given === null || given === undefined)
            throw outcomeError("not-configured", `${label} returned no token.`, { remedy });
          const { token, expiresOnTimestamp, refreshAfterTimestamp, tokenType } = given;
          return {
            token,
            expiresOnTimestamp,
            refreshAfterTimestamp,
            tokenType: tokenType === "pop" ? "pop" : "Bearer",
            principal: reportedPrincipal(given as AccessToken),
          };
        } catch (error) {
          throw standIn(label, error);
        }
      },
    }),
  };
}
