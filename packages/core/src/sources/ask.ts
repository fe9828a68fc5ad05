import { isIdentityError } from "../contract/errors.ts";
import type { Events } from "../contract/events.ts";
import type { OutcomeCode } from "../contract/outcome.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { Clock } from "../contract/services.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import { checkToken } from "./check-token.ts";
import type { Keeper } from "./keeper.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { ResolvedRequest } from "./resolved-options.ts";

export interface AskSettings {
  readonly source: AnySource;
  readonly keeper: Keeper;
  readonly known: Pick<KnownSecrets, "wrap">;
  readonly clock: Clock;
  readonly events: Events;
  /** Throws when the token may not be used here (`expect`). */
  readonly check: (issued: IssuedToken) => void;
}

/** What an event may say of an error. */
export function outcomeOf(error: unknown): { readonly outcome: OutcomeCode; readonly code: string } {
  return isIdentityError(error) ? { outcome: error.outcome, code: error.code } : { outcome: "failed", code: "failed" };
}

/** What the source itself is told; its options it has from `create`. */
const requestOf = ({ options: _, subject: __, homeTenant: ___, ...request }: ResolvedRequest): TokenRequest =>
  Object.freeze(request);

/** One acquisition from the source itself: its credential made, its token checked, its errors wrapped, its outcome told. */
export function createAsk({ source, keeper, known, clock, events, check }: AskSettings) {
  const tell = (request: TokenRequest, started: number, outcome: "token" | OutcomeCode, code: string | undefined) =>
    events.emit("azidentity:acquire", () => {
      const { scopes, tenantId, background, correlationId } = request;
      const ms = clock.monotonic() - started;
      return { source: source.name, scopes, tenantId, ms, background, outcome, code, correlationId };
    });
  return async (request: ResolvedRequest): Promise<IssuedToken> => {
    const started = clock.monotonic();
    try {
      const credential = await keeper.credential(request.options, request.signal);
      const type = request.proofOfPossession === undefined ? "Bearer" : "pop";
      const issued = checkToken(source.name, await credential.getToken(requestOf(request)), clock.now(), type);
      check(issued);
      tell(request, started, "token", undefined);
      return issued;
    } catch (cause) {
      const error = request.signal.aborted ? request.signal.reason : known.wrap(cause, request);
      const { outcome, code } = outcomeOf(error);
      tell(request, started, outcome, code);
      throw error;
    }
  };
}
