import type { AssertionTarget, ClientAuthentication } from "@azidentity/core/entra";
import { isIdentityError, outcomeError, redact, untilAborted } from "@azidentity/core/plugin";

/** Argument of `getAssertion`. */
export interface AssertionRequest {
  /** Application (client) id. */
  readonly clientId: string;
  /** Id or domain of the tenant. */
  readonly tenantId: string;
  /** URL that the assertion is sent to; some issuers require it as audience. */
  readonly tokenEndpoint: string;
  /** Aborted when no caller waits for the token any more. */
  readonly abortSignal: AbortSignal;
}
/** Returns a signed JWT that proves the application. Called for each exchange. */
export type GetAssertion = (request: AssertionRequest) => string | Promise<string>;

function failed(sourceName: string, error: unknown) {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? redact(error.message, 256) : "a value that is not an Error";
  return outcomeError("failed", `${sourceName}: \`getAssertion\` threw: ${text}.`, {
    code: "assertion-callback-failed",
    remedy: "Fix the function passed as `getAssertion`; `cause` is what it threw.",
    cause: error,
  });
}

const emptyAssertion = (sourceName: string) =>
  outcomeError("misconfigured", `${sourceName}: \`getAssertion\` returned no text.`, {
    code: "empty-assertion",
    remedy: "Return a signed token whose issuer, subject and audience match a federated credential of the application.",
  });

/**
 * Calls the caller's function for an assertion, once for each exchange: only the function knows how
 * long an assertion is valid.
 */
export function callbackAuthentication(sourceName: string, getAssertion: GetAssertion): ClientAuthentication {
  return async ({ clientId, tenantId, tokenEndpoint, signal }: AssertionTarget) => {
    const call = async () => getAssertion({ clientId, tenantId, tokenEndpoint, abortSignal: signal });
    let assertion: string;
    try {
      assertion = await untilAborted(call(), signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : failed(sourceName, error);
    }
    if (typeof assertion !== "string" || assertion.trim() === "") throw emptyAssertion(sourceName);
    return { assertion: assertion.trim() };
  };
}
