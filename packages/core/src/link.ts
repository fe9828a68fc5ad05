import type { Budget } from "./cache/budget.ts";
import { createFlights } from "./cache/flights.ts";
import type { StoredToken } from "./cache/store-key.ts";
import { createTokenCache } from "./cache/token-cache.ts";
import type { Link } from "./chain/link.ts";
import type { ResolvedConfig } from "./config/resolve-settings.ts";
import { accessToken } from "./contract/access-token.ts";
import { isBackground, markBackground } from "./contract/background.ts";
import type { SourceContext } from "./contract/context.ts";
import type { Events } from "./contract/events.ts";
import type { AnySource } from "./contract/plugin.ts";
import type { Http } from "./contract/services.ts";
import type { AuthenticationRecord, Detection } from "./contract/source.ts";
import type { IssuedToken, NormalizedRequest } from "./contract/token.ts";
import { claimedPrincipal, principalOf } from "./principal.ts";
import { logHttp } from "./services/log-http.ts";
import { createAccountState } from "./sources/account-state.ts";
import { createAsk, outcomeOf } from "./sources/ask.ts";
import { type Bounded, createBounded } from "./sources/bounded.ts";
import { checkOptions } from "./sources/check-options.ts";
import { type Deadline, underDeadline } from "./sources/deadline.ts";
import { expectPrincipal } from "./sources/expect.ts";
import { createKeeper } from "./sources/keeper.ts";
import { createKnownSecrets } from "./sources/known-secrets.ts";
import { createProbe } from "./sources/probe.ts";
import { createOptionsReader, type ResolvedRequest } from "./sources/resolved-options.ts";
import { createSignIn } from "./sources/sign-in.ts";
import type { Turns } from "./sources/turns.ts";
import type { StoreHealth } from "./store-health.ts";
import { createStored, ownsStored } from "./stored-link.ts";

const defaultDeadlineMs = 30_000;

export interface LinkSettings {
  readonly source: AnySource;
  /** The options with their references looked up; called for every acquisition, so that secrets rotate. */
  readonly resolveOptions: () => unknown;
  /** For error messages: where the options stand. */
  readonly path: string;
  readonly deadlineMs: number | undefined;
  /** Whether its tokens may be remembered and stored. */
  readonly cached: boolean;
  /** For a source that may not be asked by everybody at once: shared by all its links. */
  readonly turns: Turns | undefined;
  readonly context: SourceContext;
  /** HTTP beneath that of the context, which has no log yet: each link has its own, without its secrets. */
  readonly transport: Http;
  readonly budget: Budget;
  readonly random: () => number;
  readonly setDeadline: Deadline["setDeadline"];
  readonly expected: NonNullable<ResolvedConfig["expect"]>;
  /** `undefined`: tokens live in memory alone. */
  readonly store: StoreHealth | undefined;
  readonly events: Events;
}

export interface ClosableLink extends Link {
  /** Signs a person in now; only sources that ask people can. */
  authenticate(request: NormalizedRequest, signal: AbortSignal): Promise<AuthenticationRecord>;
  /** Forgets a token, if it is its own, with which another process was refused. */
  forgetStored(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

/** Places a source: its options checked, its errors wrapped, its calls shared, cached, stored and bounded in time. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, events } = settings;
  const known = createKnownSecrets(source, { ...settings.context, http: settings.transport });
  const { clock, http, log } = known.context;
  const context = Object.freeze({ ...known.context, http: logHttp(http, log, clock) });
  const { name, kind } = source;
  const keeper = createKeeper(source, context);
  const reader = createOptionsReader({
    source,
    context,
    known,
    readOptions: settings.resolveOptions,
    checkOptions: (read) => checkOptions(source, read, settings.path),
    onPrincipalChange: () => cache.changePrincipal(),
  });
  const deadlineOf = (options: unknown): Deadline => {
    const own = typeof source.deadlineMs === "function" ? source.deadlineMs(options) : source.deadlineMs;
    const ms = settings.deadlineMs ?? own ?? defaultDeadlineMs;
    return { source: name, ms, clock, setDeadline: settings.setDeadline };
  };
  const expects = Object.values(settings.expected).some((wanted) => wanted !== undefined);
  const check = (issued: IssuedToken) => {
    if (expects) expectPrincipal(name, settings.expected, claimedPrincipal(issued.token));
  };
  const ask = createAsk({ source, keeper, known, clock, events, check });
  const askStored =
    settings.store === undefined
      ? ask
      : createStored({ source, context, keeper, store: settings.store, acquire: ask, check });
  const closing = new AbortController();

  const bounded = createBounded(known, deadlineOf);
  const signIn = createSignIn(name, keeper);
  const inTurn: Bounded = (request, work) => {
    const go = () => bounded(request, work);
    return settings.turns === undefined ? go() : settings.turns.take(request.signal, go);
  };

  const accountState = createAccountState(source, reader, context);
  const cache = createTokenCache({
    ...settings,
    clock,
    isHome: reader.isHome,
    resolve: reader.resolve,
    accountState,
    remembers: settings.cached,
    acquire: (request) => inTurn(request, settings.cached ? askStored : ask),
    onRefreshFailed(error) {
      context.log.info(`${name}: a refresh failed; its token is still valid.`, { error }); // when it is not, callers get an error
      events.emit("azidentity:refresh-failed", () => ({ source: name, ...outcomeOf(error) }));
    },
  });

  /** A request that shares nothing, and ends with the identity. */
  const alone = (request: NormalizedRequest, signal: AbortSignal): ResolvedRequest =>
    Object.freeze({
      ...request,
      ...reader.resolve(request),
      refusedToken: undefined,
      background: false,
      signal: AbortSignal.any([signal, closing.signal]),
    });

  const probes = createFlights<Detection | undefined>();
  const probe = createProbe(clock, (signal) => {
    const { options } = reader.read();
    return underDeadline(deadlineOf(options), signal, (own) =>
      known.during({ options }, async () => {
        try {
          return await (await keeper.credential(options, own)).probe?.(own);
        } catch (error) {
          throw own.aborted ? own.reason : known.wrap(error, { options });
        }
      }),
    );
  });
  const detect = (): Detection => {
    const { options } = reader.read();
    try {
      return source.detect?.(options, context) ?? { state: "ready", reason: "It does not look around first." };
    } catch (error) {
      throw known.wrap(error, { options });
    }
  };

  return {
    name,
    kind,
    accountState,
    detect,
    probe(signal) {
      const isUnawaited = isBackground(signal); // such a probe holds no process open, so callers do not join it
      return probes.join(isUnawaited ? "background" : "probe", signal, (own) => {
        if (isUnawaited) markBackground(own);
        return probe(own);
      });
    },
    peek: cache.peek,
    getToken: cache.getToken,
    async getFreshToken(request, signal) {
      return accessToken(await inTurn(alone(request, signal), ask));
    },
    async authenticate(request, signal) {
      return bounded(alone(request, signal), async (own) => {
        const record = await signIn(own);
        cache.supersede(); // it may have been somebody else; also when its caller has left meanwhile
        return record;
      });
    },
    principal: principalOf,
    forget: cache.forget,
    forgetStored(stored) {
      if (ownsStored({ source, context }, reader.last, stored)) cache.forgetOne(stored, stored.user);
    },
    async close(reason) {
      closing.abort(reason);
      cache.close(reason);
      probes.abort(reason);
      await keeper.close();
    },
  };
}
