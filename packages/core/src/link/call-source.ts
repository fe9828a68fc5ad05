import type { ErrorCode, OutcomeCode } from "../contract/error-code.ts";
import type { IssuedToken } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import { type ResolvedRequest, tokenRequest } from "../token/resolved-request.ts";
import { checkForeignToken, checkToken } from "./check-token.ts";
import { checkExpected } from "./expect.ts";
import { beginWork, wrapKnown } from "./known-secrets.ts";
import type { PlacedSource } from "./placed-source.ts";
import { credentialFor, existingCredential } from "./source-instance.ts";
import { announceAccount } from "./token-state.ts";

/** What an event may say of an error. */
export function outcomeOf(error: unknown): { readonly outcome: OutcomeCode; readonly code: ErrorCode } {
  return isIdentityError(error) ? { outcome: error.outcome, code: error.code } : { outcome: "failed", code: "failed" };
}

/** Tells subscribers how an acquisition ended. */
function report(
  { source, context, services }: PlacedSource,
  { scopes, tenantId, background, correlationId }: ResolvedRequest,
  startedMono: number,
  outcome: "token" | OutcomeCode,
  code?: ErrorCode,
): void {
  const ms = context.clock.monotonic() - startedMono;
  services.events.emit("azidentity:acquire", () => {
    return { source: source.name, scopes, tenantId, ms, background, outcome, code, correlationId };
  });
}

/**
 * One acquisition from the source itself: its credential made, its token checked, its errors
 * wrapped, its outcome reported.
 */
export async function callSource(placed: PlacedSource, request: ResolvedRequest): Promise<IssuedToken> {
  const { source, context, known, tokens } = placed;
  const startedMono = context.clock.monotonic();
  const end = beginWork(known, request);
  try {
    const { options, signal } = request;
    const credential = existingCredential(placed, options) ?? (await credentialFor(placed, options, signal));
    const type = request.proofOfPossession === undefined ? "Bearer" : "pop";
    const check = placed.isForeign === true ? checkForeignToken : checkToken;
    const issued = check(source.name, await credential.getToken(tokenRequest(request)), context.clock.now(), type);
    checkExpected(placed, issued);
    // before its request ends, and before the token is stored
    if (!signal.aborted) announceAccount(tokens, issued.account);
    report(placed, request, startedMono, "token");
    return issued;
  } catch (cause) {
    const error = request.signal.aborted ? request.signal.reason : wrapKnown(known, cause, request);
    const { outcome, code } = outcomeOf(error);
    report(placed, request, startedMono, outcome, code);
    throw error;
  } finally {
    end();
  }
}
