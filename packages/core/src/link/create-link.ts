import { isBackground, markBackground } from "../async/abort.ts";
import { compose } from "../async/compose.ts";
import { createFlights } from "../async/flights.ts";
import type { Turns } from "../async/limiter.ts";
import type { Budget } from "../cache/budget.ts";
import { mayHit, scopeText } from "../cache/memory.ts";
import type { Link } from "../chain/link.ts";
import type { SourceContext } from "../contract/context.ts";
import type { Events } from "../contract/events.ts";
import type { AnySource } from "../contract/plugin.ts";
import type { AuthenticationRecord, Detection } from "../contract/source.ts";
import type { Http } from "../contract/system-services.ts";
import type { AccessToken, IssuedToken, NormalizedRequest } from "../contract/token.ts";
import { checkOptions } from "../options/check-options.ts";
import { logHttp } from "../services/log-http.ts";
import type { StoreHealth } from "../store/guarded-store.ts";
import { createStoreAccess, ownsStored } from "../store/store-access.ts";
import type { StoredToken } from "../store/store-key.ts";
import { createThroughStore } from "../store/through-store.ts";
import { accessToken, isIntact } from "../token/access-token.ts";
import { claimedPrincipal, principalOf } from "../token/principal.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { createAccountState } from "./account-state.ts";
import { createCallSource, outcomeOf } from "./call-source.ts";
import { expectPrincipal } from "./expect.ts";
import { createFromMemory, createServeDespite } from "./from-memory.ts";
import { createHonorRetryAfter } from "./honor-retry-after.ts";
import { createKnownSecrets } from "./known-secrets.ts";
import { createLimitConcurrency } from "./limit-concurrency.ts";
import { createOptionsReader } from "./options-reader.ts";
import { createProbe } from "./probe.ts";
import { createRemember } from "./remember.ts";
import { createResolve } from "./resolve.ts";
import { createSignIn } from "./sign-in.ts";
import { createSingleFlight } from "./single-flight.ts";
import { createKeeper } from "./source-instance.ts";
import { createTokenState } from "./token-state.ts";
import { createStartDeadline, createWithinDeadline, type DeadlineSettings } from "./within-deadline.ts";

/** What all links of one identity share. */
export interface LinkServices {
  /** HTTP beneath that of the context, without a log: each link has a log of its own, which knows its secrets. */
  readonly transport: Http;
  /** Bounds of memory. */
  readonly budget: Budget;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly setDeadline: DeadlineSettings["setDeadline"];
  /** `undefined`: tokens live in memory only. */
  readonly store: StoreHealth | undefined;
  readonly events: Events;
}

export interface LinkSettings {
  readonly source: AnySource;
  readonly context: SourceContext;
  readonly services: LinkServices;
  /** The options with their references looked up; called for every acquisition, so that secrets rotate. */
  readonly resolveOptions: () => unknown;
  /** For error messages: where the options stand. */
  readonly path: string;
  /** Milliseconds; `undefined`: the source's own, or the default. */
  readonly deadlineMs: number | undefined;
  /** Whether its tokens may be remembered and stored. */
  readonly cached: boolean;
  /** Of a source that limits how many acquisitions run at once; shared by all its links. */
  readonly limiter: Turns | undefined;
  readonly expected: Parameters<typeof expectPrincipal>[1];
}

export interface ClosableLink extends Link {
  /** Signs a user in now; only for sources that have users sign in. */
  authenticate(request: NormalizedRequest, signal: AbortSignal): Promise<AuthenticationRecord>;
  /** Another account may be signed in now: forgets all tokens; callers who wait ask again. */
  changeAccount(): void;
  /** Forgets a token, if it is its own, with which another process was refused. */
  forgetStored(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

/** Places a source: a token of it is a request that passes a list of steps. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, services, cached } = settings;
  const { name, kind } = source;
  const { budget, random, events, store } = services;
  const known = createKnownSecrets(source, { ...settings.context, http: services.transport });
  const { clock, http, log } = known.context;
  const context = Object.freeze({ ...known.context, http: logHttp(http, log, clock) });
  const closing = new AbortController();

  const tokens = createTokenState({
    clock,
    random,
    budget,
    onRefreshFailed(error) {
      // at a level that is off by default: callers get an error when the token is no longer valid
      context.log.info(`${name}: a refresh failed; its token is still valid.`, { error });
      events.emit("azidentity:refresh-failed", () => ({ source: name, ...outcomeOf(error) }));
    },
  });
  const reader = createOptionsReader({
    source,
    context,
    known,
    readOptions: settings.resolveOptions,
    checkOptions: (read) => checkOptions(source, read, settings.path),
    onPrincipalChange: tokens.changePrincipal,
  });
  const keeper = createKeeper(source, context);
  const accountState = createAccountState(source, reader, context);
  const expects = Object.values(settings.expected).some((wanted) => wanted !== undefined);
  const check = (issued: IssuedToken) => {
    if (expects) expectPrincipal(name, settings.expected, claimedPrincipal(issued.token));
  };
  const startDeadline = createStartDeadline({
    source,
    clock,
    deadlineMs: settings.deadlineMs,
    setDeadline: services.setDeadline,
  });
  const serveDespite = createServeDespite(tokens, { isHome: reader.isHome, accountState });

  const limitConcurrency = createLimitConcurrency(settings.limiter);
  const withinDeadline = createWithinDeadline(startDeadline);
  const callSource = createCallSource({ source, keeper, known, clock, events, check });
  const signedInAccount = async ({ options, signal }: ResolvedRequest): Promise<string | null | undefined> => {
    if (kind === "deployed" || source.accountState !== undefined) return undefined;
    const credential = await keeper.credential(options, signal);
    return credential.account === undefined ? undefined : ((await credential.account(signal)) ?? null);
  };

  const acquire = compose([
    createResolve({ reader, tokens, accountState, serveDespite }),
    createFromMemory(tokens),
    createSingleFlight(tokens.flights),
    createHonorRetryAfter(tokens.throttle, reader),
    createRemember({ tokens, reader, remembers: cached, accountState }),
    limitConcurrency,
    withinDeadline,
    cached && store !== undefined
      ? createThroughStore(createStoreAccess({ source, context, store, signedInAccount, check }))
      : undefined,
    callSource,
  ]);
  /** Past memory, store and other callers. */
  const acquireFresh = compose<IssuedToken, ResolvedRequest>([limitConcurrency, withinDeadline, callSource]);
  const signIn = compose<AuthenticationRecord, ResolvedRequest>([
    withinDeadline,
    createSignIn({ source, keeper, known, onSignIn: tokens.accounts.change }),
  ]);

  /** A request that shares nothing, and ends with the identity. */
  const alone = (request: NormalizedRequest, signal: AbortSignal): ResolvedRequest =>
    Object.freeze({
      ...request,
      user: undefined,
      callerSignal: undefined,
      ...reader.resolve(request),
      account: accountState?.(),
      refusedToken: undefined,
      background: false,
      signal: AbortSignal.any([signal, closing.signal]),
    });

  const probes = createFlights<Detection | undefined>();
  const probe = createProbe(clock, (signal) => {
    const { options } = reader.read();
    const limit = startDeadline(options, signal);
    const end = known.begin({ options });
    const ask = async (): Promise<Detection | undefined> => {
      try {
        return await (await keeper.credential(options, limit.signal)).probe?.(limit.signal);
      } catch (error) {
        throw limit.signal.aborted ? limit.signal.reason : known.wrap(error, { options });
      } finally {
        end();
      }
    };
    return limit.race(ask());
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
    peek(scopes, options, user) {
      let tenant: string | undefined;
      let cae = false;
      if (options !== undefined) {
        if (!mayHit(options)) return undefined;
        cae = options.enableCae === true;
        if (options.tenantId !== undefined && !reader.isHome(options.tenantId)) tenant = options.tenantId;
      }
      const entry = tokens.memory.at(tenant, user, scopeText(scopes), cae);
      if (entry === undefined || !tokens.freshness.isFresh(entry)) return undefined;
      if (accountState !== undefined && accountState() !== entry.account) return undefined;
      entry.used = true;
      if (!isIntact(entry.answer)) entry.answer = Promise.resolve(entry.token);
      return entry.answer;
    },
    async getToken(request, callerSignal, user): Promise<AccessToken> {
      const asked = Object.freeze({ ...request, callerSignal, user });
      for (;;) {
        const changes = tokens.accounts.count;
        try {
          const token = await acquire(asked);
          if (tokens.accounts.isCurrent(token)) return token;
        } catch (error) {
          if (changes === tokens.accounts.count) throw error; // else it failed because another account signed in
        }
      }
    },
    async getFreshToken(request, signal) {
      return accessToken(await acquireFresh(alone(request, signal)));
    },
    authenticate: async (request, signal) => signIn(alone(request, signal)),
    changeAccount: tokens.accounts.change,
    principal: principalOf,
    forget: tokens.memory.clear,
    forgetStored(stored) {
      if (!ownsStored({ source, context }, reader.last, stored)) return;
      const { tenantId, user, scopes, enableCae } = stored;
      const tenant = tenantId === undefined || reader.isHome(tenantId) ? undefined : tenantId;
      tokens.memory.remove({ tenant, user, scope: scopes.join(" "), cae: enableCae });
    },
    async close(reason) {
      closing.abort(reason);
      tokens.close(reason);
      probes.abort(reason);
      await keeper.close();
    },
  };
}
