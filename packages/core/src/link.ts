import type { Budget } from "./cache/budget.ts";
import { createFlights } from "./cache/flights.ts";
import type { StoredToken } from "./cache/store-key.ts";
import { createTokenCache } from "./cache/token-cache.ts";
import type { Link } from "./chain/link.ts";
import type { ResolvedConfig } from "./config/resolve-settings.ts";
import { accessToken } from "./contract/access-token.ts";
import type { SourceContext } from "./contract/context.ts";
import { outcomeError } from "./contract/errors.ts";
import type { Events } from "./contract/events.ts";
import type { AnySource } from "./contract/plugin.ts";
import type { AuthenticationRecord, Detection } from "./contract/source.ts";
import type { IssuedToken, NormalizedRequest, TokenRequest } from "./contract/token.ts";
import { claimedPrincipal, principalOf } from "./principal.ts";
import { createAsk, outcomeOf } from "./sources/ask.ts";
import { checkCapabilities } from "./sources/capabilities.ts";
import { checkOptions } from "./sources/check-options.ts";
import { type Deadline, underDeadline } from "./sources/deadline.ts";
import { expectPrincipal } from "./sources/expect.ts";
import { createKeeper, type Keeper } from "./sources/keeper.ts";
import { createProbe } from "./sources/probe.ts";
import { hasOneTenant, homeTenant, tenantFor } from "./sources/tenant.ts";
import type { Turns } from "./sources/turns.ts";
import { secretsOf, wrapError } from "./sources/wrap-error.ts";
import type { StoreHealth } from "./store-health.ts";
import { createStored, ownsStored } from "./stored-link.ts";

const defaultDeadlineMs = 30_000;

type Acquire = (request: TokenRequest) => Promise<IssuedToken>;

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

const noSignIn = (name: string) =>
  outcomeError("misconfigured", `${name} signs nobody in.`, {
    code: "authenticate-unsupported",
    remedy: "Name a source that asks a person, such as interactive-browser or device-code.",
  });

/** Whether a tenant is the source's own, found out once. Tenants mean nothing to a source that ignores them, so each is its own. */
function createIsHome(source: AnySource, keeper: Keeper, context: SourceContext): (tenantId: string) => boolean {
  if (hasOneTenant(source, context)) return () => true;
  let home: { readonly tenantId: string | undefined } | undefined;
  return (tenantId) => {
    try {
      home ??= { tenantId: homeTenant(source, keeper.lastOptions(), context) };
    } catch {
      return false; // the acquisition will say what is wrong
    }
    return home.tenantId === tenantId;
  };
}

/** The account of a tool, `undefined` while it cannot be told: then nothing is served that was remembered. */
function createAccountState(source: AnySource, keeper: Keeper, context: SourceContext) {
  if (source.accountState === undefined) return undefined;
  return (): string | undefined => {
    try {
      return source.accountState?.(keeper.lastOptions(), context);
    } catch {
      return undefined;
    }
  };
}

/** Places a source: its options checked, its errors wrapped, its calls shared, cached, stored and bounded in time. */
export function createLink(settings: LinkSettings): ClosableLink {
  const { source, context, events } = settings;
  const { clock } = context;
  const { name, kind } = source;
  const keeper = createKeeper(source, context, () => checkOptions(source, settings.resolveOptions(), settings.path));
  const deadline = (): Deadline => {
    const own = typeof source.deadlineMs === "function" ? source.deadlineMs(keeper.lastOptions()) : source.deadlineMs;
    const ms = settings.deadlineMs ?? own ?? defaultDeadlineMs;
    return { source: name, ms, clock, setDeadline: settings.setDeadline };
  };
  const expects = Object.values(settings.expected).some((wanted) => wanted !== undefined);
  const check = (issued: IssuedToken) => {
    if (expects) expectPrincipal(name, settings.expected, claimedPrincipal(issued.token));
  };
  const ask = createAsk({ source, keeper, clock, events, check });
  const askStored =
    settings.store === undefined
      ? ask
      : createStored({ source, context, keeper, store: settings.store, acquire: ask, check });
  const accountState = createAccountState(source, keeper, context);
  const closing = new AbortController();

  const inTurn = <T>(signal: AbortSignal, work: () => Promise<T>) =>
    settings.turns === undefined ? work() : settings.turns.take(signal, work);

  /** Under the deadline, for the tenant that the source may be asked for. */
  const bounded = (request: TokenRequest, acquire: Acquire) =>
    underDeadline({ ...deadline(), background: request.background }, request.signal, async (signal) => {
      try {
        checkCapabilities(source, keeper.options, request);
        const tenantId = tenantFor(source, keeper.options(), context, request.tenantId);
        return await acquire(Object.freeze({ ...request, tenantId, signal }));
      } catch (error) {
        throw signal.aborted ? signal.reason : wrapError(name, error, secretsOf(source, keeper, request));
      }
    });

  const cache = createTokenCache({
    ...settings,
    clock,
    isHome: createIsHome(source, keeper, context),
    accountState,
    remembers: settings.cached,
    acquire: (request) => inTurn(request.signal, () => bounded(request, settings.cached ? askStored : ask)),
    onRefreshFailed(error) {
      context.log.warn(`${name}: a refresh failed; its token is still valid.`, { error });
      events.emit("azidentity:refresh-failed", () => ({ source: name, ...outcomeOf(error) }));
    },
  });

  /** A request that shares nothing, and ends with the identity. */
  const alone = (request: NormalizedRequest, signal: AbortSignal): TokenRequest =>
    Object.freeze({
      ...request,
      refusedToken: undefined,
      background: false,
      signal: AbortSignal.any([signal, closing.signal]),
    });

  const knocks = createFlights<Detection | undefined>();
  const probe = createProbe(clock, (signal) =>
    underDeadline(deadline(), signal, async (own) => (await keeper.credential(keeper.options(), own)).probe?.(own)),
  );

  return {
    name,
    kind,
    explicit: true,
    detect: () =>
      source.detect?.(keeper.options(), context) ?? { state: "ready", reason: "It does not look around first." },
    probe: (signal) => knocks.join("knock", signal, probe),
    peek: cache.peek,
    getToken: cache.getToken,
    async getFreshToken(request, signal) {
      return accessToken(await inTurn(signal, () => bounded(alone(request, signal), ask)));
    },
    async authenticate(request, signal) {
      return underDeadline(deadline(), AbortSignal.any([signal, closing.signal]), async (own) => {
        try {
          checkCapabilities(source, keeper.options, request);
          const tenantId = tenantFor(source, keeper.options(), context, request.tenantId);
          const credential = await keeper.credential(keeper.lastOptions(), own);
          if (credential.authenticate === undefined) throw noSignIn(name);
          const record = await credential.authenticate({ ...alone(request, own), tenantId });
          cache.supersede(); // it may have been somebody else; also when its caller has left meanwhile
          return record;
        } catch (error) {
          throw own.aborted ? own.reason : wrapError(name, error, secretsOf(source, keeper, request));
        }
      });
    },
    principal: principalOf,
    forget: cache.forget,
    forgetStored(stored) {
      if (ownsStored({ source, context, keeper }, stored)) cache.forgetOne(stored, stored.user);
    },
    async close(reason) {
      closing.abort(reason);
      cache.close(reason);
      knocks.abort(reason);
      await keeper.close();
    },
  };
}
