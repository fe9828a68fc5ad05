import type { ErrorCode, OutcomeCode } from "../contract/error-code.ts";
import type { Events } from "../contract/events.ts";
import type { AnySource } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";
import type { IssuedToken } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import { type LinkStep, type ResolvedRequest, tokenRequest } from "../token/resolved-request.ts";
import type { CheckToken } from "./check-token.ts";
import type { Instruments } from "./instruments.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { SourceInstance } from "./source-instance.ts";

export interface CallSourceSettings {
  readonly source: AnySource;
  readonly instance: SourceInstance;
  readonly known: KnownSecrets;
  readonly clock: Clock;
  readonly events: Events;
  readonly instruments: Instruments | undefined;
  /** Throws when the token is not usable. */
  readonly checkToken: CheckToken;
  /** Throws when the token may not be used here (`expect`). */
  readonly check: (issued: IssuedToken) => void;
  /**
   * Called with the account of each token that the source issues before its request ends, and before
   * the token is stored.
   */
  readonly announceAccount: (account: string | undefined) => void;
}

/** What an event may say of an error. */
export function outcomeOf(error: unknown): { readonly outcome: OutcomeCode; readonly code: ErrorCode } {
  return isIdentityError(error) ? { outcome: error.outcome, code: error.code } : { outcome: "failed", code: "failed" };
}

/**
 * One acquisition from the source itself: its credential made, its token checked, its errors
 * wrapped, its outcome reported.
 */
export function createCallSource(settings: CallSourceSettings): LinkStep {
  const { source, instance, known, clock, events, instruments, checkToken, check, announceAccount } = settings;
  const report = (request: ResolvedRequest, started: number, outcome: "token" | OutcomeCode, code?: ErrorCode) =>
    events.emit("azidentity:acquire", () => {
      const { scopes, tenantId, background, correlationId } = request;
      const ms = clock.monotonic() - started;
      return { source: source.name, scopes, tenantId, ms, background, outcome, code, correlationId };
    });

  async function callSource(request: ResolvedRequest): Promise<IssuedToken> {
    const started = clock.monotonic();
    const end = known.begin(request);
    try {
      const { options, signal } = request;
      const credential = instance.existing(options) ?? (await instance.credential(options, signal));
      const type = request.proofOfPossession === undefined ? "Bearer" : "pop";
      const issued = checkToken(source.name, await credential.getToken(tokenRequest(request)), clock.now(), type);
      check(issued);
      if (!signal.aborted) announceAccount(issued.account);
      report(request, started, "token");
      return issued;
    } catch (cause) {
      const error = request.signal.aborted ? request.signal.reason : known.wrap(cause, request);
      const { outcome, code } = outcomeOf(error);
      report(request, started, outcome, code);
      throw error;
    } finally {
      end();
    }
  }
  if (instruments === undefined) return callSource;
  return (request) => instruments.acquire(source.name, "getToken", request, callSource);
}
