import type { Budget } from "./cache/budget.ts";
import { createFlights } from "./cache/flights.ts";
import { storeKey } from "./cache/store-key.ts";
import { createStoredAcquire } from "./cache/stored.ts";
import { createTokenCache } from "./cache/token-cache.ts";
import type { Link } from "./chain/link.ts";
import type { IdentityConfig } from "./config/define.ts";
import { accessToken } from "./contract/access-token.ts";
import type { SourceContext } from "./contract/context.ts";
import { isIdentityError, outcomeError } from "./contract/errors.ts";
import type { Events } from "./contract/events.ts";
import type { OutcomeCode } from "./contract/outcome.ts";
import type { AnySource } from "./contract/plugin.ts";
import { redact } from "./contract/redact.ts";
import type { Detection } from "./contract/source.ts";
import type { TokenStore } from "./contract/store.ts";
import type { IssuedToken, TokenRequest } from "./contract/token.ts";
import { claimedPrincipal, principalOf, userOf } from "./principal.ts";
import { checkOptions } from "./sources/check-options.ts";
import { checkToken } from "./sources/check-token.ts";
import { type Deadline, underDeadline } from "./sources/deadline.ts";
import { expectPrincipal } from "./sources/expect.ts";
import { createKeeper } from "./sources/keeper.ts";
import { createProbe } from "./sources/probe.ts";
import { tenantFor } from "./sources/tenant.ts";
import { wrapError } from "./sources/wrap-error.ts";

const defaultDeadlineMs = 30_000;

export interface LinkSettings {
  readonly source: AnySource;
  /** Named outright in a config or by a caller. */
  readonly explicit: boolean;
  /** The options with their references looked up; called for every acquisition, so that secrets rotate. */
  readonly resolveOptions: () => unknown;
  /** For error messages: where the options stand. */
  readonly path: string;
  readonly deadlineMs: number | undefined;
  readonly context: SourceContext;
  readonly budget: Budget;
  readonly random: () => number;
  readonly setDeadline: Deadline["setDeadline"];
  readonly expected: NonNullable<IdentityConfig["expect"]>;
  readonly store: () => Promise<TokenStore | undefined>;
  readonly events: Events;
}

export interface ClosableLink extends Link {
  close(reason: Error): Promise<void>;
}

const noToken = (source: string, error: unknown) => {
  const known = isIdentityError(error) ? error : outcomeError("failed", `${source} failed.`);
  return { source, outcome: known.outcome, code: known.code };
};

/** Places a source: its options checked, its errors wrapped, its calls shared, cached, stored and bounded in time. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, context, explicit, events } = settings;
  const { clock, log } = context;
  const { name } = source;
  const keeper = createKeeper(source, context, () => checkOptions(source, settings.resolveOptions(), settings.path));
  const ms = settings.deadlineMs ?? source.deadlineMs ?? defaultDeadlineMs;
  const deadline: Deadline = { source: name, ms, clock, setDeadline: settings.setDeadline };
  const accountState = source.accountState && (() => source.accountState?.(keeper.lastOptions(), context) ?? "");
  const check = (issued: IssuedToken) => expectPrincipal(name, settings.expected, claimedPrincipal(issued.token));

  /** One acquisition from the source itself. */
  const ask = async (request: TokenRequest): Promise<IssuedToken> => {
    const started = clock.monotonic();
    const emit = (outcome: "token" | OutcomeCode, code: string | undefined) =>
      events.emit("azidentity:acquire", () => {
        const { scopes, tenantId, background, correlationId } = request;
        return {
          source: name,
          scopes,
          tenantId,
          ms: clock.monotonic() - started,
          background,
          outcome,
          code,
          correlationId,
        };
      });
    try {
      const credential = await keeper.credential(keeper.options(), request.signal);
      const issued = checkToken(name, await credential.getToken(request), clock.now());
      check(issued);
      emit("token", undefined);
      return issued;
    } catch (cause) {
      const error = request.signal.aborted ? request.signal.reason : wrapError(name, cause);
      const { outcome, code } = noToken(name, error);
      emit(outcome, code);
      throw error;
    }
  };

  const keyOf = (request: TokenRequest): string => {
    const subject = source.subject(keeper.lastOptions(), context);
    const { authorityHost } = context.cloud;
    const user = request.userAssertion === undefined ? undefined : userOf(request.userAssertion);
    return storeKey({ source: name, subject, account: accountState?.(), authorityHost }, request, user);
  };
  const askStored = createStoredAcquire({
    clock,
    store: settings.store,
    keyOf,
    acquire: ask,
    check,
    onStoreFailed(operation, error) {
      const reason = error instanceof Error ? redact(error.message, 256) : "unknown";
      log.warn(`${name}: the token store failed (${operation}): ${reason}`);
      events.emit("azidentity:store-failed", () => ({ source: name, operation, reason }));
    },
  });

  /** Under the deadline, for the tenant that the source may be asked for. */
  const bounded = (request: TokenRequest, acquire: (request: TokenRequest) => Promise<IssuedToken>) =>
    underDeadline(deadline, request.signal, async (signal) => {
      try {
        const tenantId = tenantFor(source, keeper.options(), context, request.tenantId);
        return await acquire(Object.freeze({ ...request, tenantId, signal }));
      } catch (error) {
        throw signal.aborted ? signal.reason : wrapError(name, error);
      }
    });

  const cache = createTokenCache({
    clock,
    budget: settings.budget,
    random: settings.random,
    ignoreTenant: source.tenants === "ignored",
    accountState,
    acquire: (request) => bounded(request, askStored),
    onRefreshFailed(error) {
      log.warn(`${name}: a refresh failed; its token is still valid.`, { error });
      events.emit("azidentity:refresh-failed", () => noToken(name, error));
    },
  });

  const knocks = createFlights<Detection | undefined>();
  const probe = createProbe(clock, (signal) =>
    underDeadline(deadline, signal, async (own) => (await keeper.credential(keeper.options(), own)).probe?.(own)),
  );

  return {
    name,
    kind: source.kind,
    explicit,
    detect: () =>
      source.detect?.(keeper.options(), context) ?? { state: "ready", reason: "It needs nothing to be set." },
    probe: (signal) => knocks.join("knock", signal, probe),
    peek: cache.peek,
    getToken: cache.getToken,
    async getFreshToken(request, signal) {
      const alone = Object.freeze({ ...request, refusedToken: undefined, background: false, signal });
      return accessToken(await bounded(alone, ask));
    },
    principal: principalOf,
    forget: cache.forget,
    async close(reason) {
      cache.close(reason);
      knocks.abort(reason);
      await keeper.close();
    },
  };
}
