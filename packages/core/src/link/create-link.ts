import { clearMemory, removeToken } from "../cache/memory.ts";
import type { Link } from "../chain/link.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import type { StoredToken } from "../store/store-key.ts";
import { accessToken, accountChangesBefore } from "../token/access-token.ts";
import { principalOf } from "../token/principal.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { createAcquisitionSteps } from "./acquisition-steps.ts";
import { outcomeOf } from "./call-source.ts";
import { createHostProbe } from "./host-probe.ts";
import { createPeek } from "./peek.ts";
import { type LinkSettings, placeSource } from "./placed-source.ts";
import { requireLearnedTenant } from "./resolve.ts";
import { createTokenState, type TokenState } from "./token-state.ts";

export interface ClosableLink extends Link {
  /** Throws what a request would be refused with because of the options. */
  check(): void;
  /** Signs a user in now; only for sources that have users sign in. */
  authenticate(request: NormalizedRequest, signal: AbortSignal): Promise<AuthenticationRecord>;
  /** Another account may be signed in now: forgets all tokens; callers who wait ask again. */
  changeAccount(): void;
  /** Forgets a token, if it is its own, with which another process was refused. */
  evict(stored: StoredToken): void;
  close(reason: Error): Promise<void>;
}

/** The tokens of one link; a refresh that fails beside the callers is reported. */
function createTokens({ source: { name }, context, services, eviction }: LinkSettings): TokenState {
  const { random, events } = services;
  return createTokenState({
    clock: context.clock,
    random,
    eviction,
    onRefreshFailed(error) {
      // at a level that is off by default: callers get an error when the token is no longer valid
      context.log.info(`${name}: a refresh failed; its token is still valid.`, { error });
      events.emit("azidentity:refresh-failed", () => ({ source: name, ...outcomeOf(error) }));
    },
  });
}

/** Places a source: a token of it is a request that passes a list of steps. */
export function createLink(settings: LinkSettings): ClosableLink {
  const tokens = createTokens(settings);
  const placed = placeSource(settings, tokens.changePrincipal);
  const { source, reader, instance, accountState } = placed;
  const { acquire, acquireFresh, signIn } = createAcquisitionSteps(settings, placed, tokens);
  const host = createHostProbe(placed);
  const closing = new AbortController();

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

  /** The same for a tenant that may have several names. */
  const resolved = async (request: NormalizedRequest, signal: AbortSignal): Promise<ResolvedRequest> => {
    try {
      return alone(request, signal);
    } catch (error) {
      await requireLearnedTenant(reader, request, signal, error);
      return alone(request, signal);
    }
  };

  return {
    name: source.name,
    kind: source.kind,
    accountState,
    detect: host.detect,
    probe: host.probe,
    peek: createPeek(tokens, placed),
    async getToken(request, callerSignal, user): Promise<AccessToken> {
      const asked = Object.freeze({ ...request, callerSignal, user });
      for (;;) {
        const changes = tokens.accounts.count;
        try {
          const token = await acquire(asked);
          if (accountChangesBefore(token) === tokens.accounts.count) return token;
        } catch (error) {
          if (changes === tokens.accounts.count) throw error; // else it failed because another account signed in
        }
      }
    },
    getFreshToken: async (request, signal) => accessToken(await acquireFresh(await resolved(request, signal))),
    check: reader.check,
    authenticate: async (request, signal) => signIn(await resolved(request, signal)),
    changeAccount: tokens.accounts.change,
    principal: principalOf,
    forget: () => clearMemory(tokens.memory),
    evict(stored) {
      if (settings.services.store?.owns(placed, reader.last(), stored) !== true) return;
      const { tenantId, user, scopes, enableCae } = stored;
      const tenant = tenantId === undefined || reader.isHome(tenantId) ? undefined : tenantId;
      removeToken(tokens.memory, { tenant, user, scope: scopes.join(" "), cae: enableCae });
    },
    async close(reason) {
      closing.abort(reason);
      tokens.close(reason);
      host.abort(reason);
      await instance.close();
    },
  };
}
