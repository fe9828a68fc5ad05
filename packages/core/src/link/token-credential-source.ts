import type { OutcomeCode } from "../contract/error-code.ts";
import type { AnySource } from "../contract/services.ts";
import type { GetTokenOptions, TokenCredentialLike } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { quote } from "../errors/quote.ts";
import { redact } from "../errors/redact.ts";
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

/**
 * Makes a source of any object that has `getToken`, so that it can stand in a chain and share in
 * cache and deadline. Its class says nothing about its principal, so only a `subject` that the
 * caller gives lets its tokens be stored.
 */
export function foreignSource(credential: TokenCredentialLike, subject?: string): AnySource {
  const name = credential.constructor?.name;
  const label = name === undefined || name === "" || name === "Object" ? "token-credential" : name;
  return {
    name: label,
    kind: "deployed",
    tenantPolicy: "any",
    supports: ["proof-of-possession"],
    detect: () => ({ state: "ready", reason: "It is in the chain as an object." }),
    subject: () => subject,
    create: () => ({
      async getToken(request) {
        const options: GetTokenOptions = {
          abortSignal: request.signal,
          claims: request.claims,
          enableCae: request.enableCae,
          tenantId: request.tenantId,
          proofOfPossessionOptions: request.proofOfPossession,
        };
        try {
          const token = await credential.getToken([...request.scopes], options);
          if (token === null || token === undefined)
            throw outcomeError("not-configured", `${label} returned no token.`, { remedy });
          return { ...token, tokenType: token.tokenType === "pop" ? "pop" : "Bearer" };
        } catch (error) {
          const outcome = isError(error) ? outcomes[error.name] : undefined;
          if (outcome === undefined || (error as { outcome?: unknown }).outcome !== undefined) throw error;
          const text = quote(redact((error as Error).message, 512), maxQuoteLength);
          throw outcomeError(outcome, `${label}: ${text}.`, { remedy, cause: error });
        }
      },
    }),
  };
}
