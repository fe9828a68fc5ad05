import { isIdentityError, outcomeError, redact } from "@azidentity/core/plugin";
import { untilAborted } from "../until-aborted.ts";
import type { AssertionTarget, Prove } from "./proof.ts";

/** What a caller's function is told, in the words of its other options. */
export interface AssertionRequest {
  readonly clientId: string;
  readonly tenantId: string;
  /** Where the assertion is sent, which may have to be its audience. */
  readonly tokenEndpoint: string;
  /** Ends when nobody waits for the token any more. */
  readonly abortSignal: AbortSignal;
}
export type GetAssertion = (request: AssertionRequest) => string | Promise<string>;

function failed(who: string, error: unknown) {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? redact(error.message, 256) : "no error";
  return outcomeError("failed", `${who}: \`getAssertion\` threw: ${text}.`, {
    code: "assertion-callback-failed",
    remedy: "The function is this program's own; `cause` is what it threw.",
    cause: error,
  });
}

const notOne = (who: string) =>
  outcomeError("misconfigured", `${who}: \`getAssertion\` returned no text.`, {
    code: "empty-assertion",
    remedy: "Return a signed token whose issuer, subject and audience a federated credential of the application names.",
  });

/** Asks a caller's function for an assertion, for each exchange anew: how long one is good for is its own matter. */
export function proveByCallback(who: string, getAssertion: GetAssertion): Prove {
  return async ({ clientId, tenantId, tokenEndpoint, signal }: AssertionTarget) => {
    const call = async () => getAssertion({ clientId, tenantId, tokenEndpoint, abortSignal: signal });
    let assertion: string;
    try {
      assertion = await untilAborted(call(), signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : failed(who, error);
    }
    if (typeof assertion !== "string" || assertion.trim() === "") throw notOne(who);
    return { assertion: assertion.trim() };
  };
}
