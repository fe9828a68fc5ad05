import { abortFlights, type Flights, joinFlight } from "../async/flights.ts";
import { clearMemory, removeToken } from "../cache/memory.ts";
import type { Link } from "../chain/link.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { AccessToken, NormalizedRequest } from "../contract/token.ts";
import type { StoredToken } from "../store/store-key.ts";
import { accessToken, accountChangesBefore } from "../token/access-token.ts";
import { principalOf } from "../token/principal.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import type { AcquisitionSteps } from "./acquisition-steps.ts";
import { detectHost, probeHost } from "./host-probe.ts";
import { isHome, lastOptions, requireOptions, resolveRequest } from "./options-reader.ts";
import { createPeek } from "./peek.ts";
import { accountOf, type LinkSettings, type PlacedSource, placeSource } from "./placed-source.ts";
import { requireLearnedTenant } from "./resolve.ts";
import { closeInstance } from "./source-instance.ts";
import { changeAccount, closeTokens } from "./token-state.ts";

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

/** Forgets a token, if it is one of this source with its options. */
function evict(placed: PlacedSource, stored: StoredToken): void {
  if (placed.services.store?.owns(placed, lastOptions(placed), stored) !== true) return;
  const { tenantId, user, scopes, enableCae } = stored;
  const tenant = tenantId === undefined || isHome(placed, tenantId) ? undefined : tenantId;
  removeToken(placed.tokens.memory, { tenant, user, scope: scopes.join(" "), cae: enableCae });
}

/** A request that shares nothing, and ends with the identity. */
function alone(placed: PlacedSource, request: NormalizedRequest, signal: AbortSignal): ResolvedRequest {
  return Object.freeze({
    ...request,
    user: undefined,
    callerSignal: undefined,
    ...resolveRequest(placed, request),
    account: accountOf(placed),
    refusedToken: undefined,
    background: false,
    signal,
  });
}

/** The same for a tenant that may have several names. */
async function resolveAlone(placed: PlacedSource, request: NormalizedRequest, signal: AbortSignal) {
  try {
    return alone(placed, request, signal);
  } catch (error) {
    await requireLearnedTenant(placed, request, signal, error);
    return alone(placed, request, signal);
  }
}

/** Places a source: a token of it is a request that passes a list of steps. */
export function createLink(settings: LinkSettings, steps: AcquisitionSteps): ClosableLink {
  const placed = placeSource(settings);
  const { source, tokens } = placed;
  /** Runs work for a request that shares nothing. */
  const run = <T>(
    request: NormalizedRequest,
    signal: AbortSignal,
    work: (request: ResolvedRequest) => Promise<T>,
  ): Promise<T> => {
    if (tokens.closed !== undefined) return Promise.reject(tokens.closed);
    const key = `alone ${tokens.unequal++}`;
    return joinFlight(placed.otherFlights as Flights<T>, key, signal, async (own) =>
      work(await resolveAlone(placed, request, own)),
    );
  };
  return {
    name: source.name,
    kind: source.kind,
    accountState: source.accountState && (() => accountOf(placed)),
    detect: () => detectHost(placed),
    probe: (signal) => probeHost(placed, signal),
    peek: createPeek(placed),
    async getToken(request, callerSignal, user): Promise<AccessToken> {
      const asked = Object.freeze({ ...request, callerSignal, user });
      for (;;) {
        const changes = tokens.accountChanges;
        try {
          const token = await steps.acquire(placed, asked);
          if (accountChangesBefore(token) === tokens.accountChanges) return token;
        } catch (error) {
          if (changes === tokens.accountChanges) throw error; // else it failed because another account signed in
        }
      }
    },
    getFreshToken: (request, signal) =>
      run(request, signal, async (alone) => accessToken(await steps.acquireFresh(placed, alone))),
    check: () => requireOptions(placed),
    authenticate: (request, signal) => run(request, signal, (alone) => steps.signIn(placed, alone)),
    changeAccount: () => changeAccount(tokens),
    principal: principalOf,
    forget: () => clearMemory(tokens.memory),
    evict: (stored) => evict(placed, stored),
    async close(reason) {
      closeTokens(tokens, reason);
      abortFlights(placed.otherFlights, reason);
      await closeInstance(placed);
    },
  };
}
