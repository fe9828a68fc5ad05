import { compose } from "../async/compose.ts";
import type { ConcurrencyLimiter } from "../async/limiter.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { LinkStep, ResolvedRequest } from "../token/resolved-request.ts";
import { createCallSource } from "./call-source.ts";
import { checkForeignToken, checkToken } from "./check-token.ts";
import { createFromMemory, createServeDespite } from "./from-memory.ts";
import { createHonorRetryAfter } from "./honor-retry-after.ts";
import type { LinkSettings, PlacedSource } from "./placed-source.ts";
import { createRemember } from "./remember.ts";
import { createResolve } from "./resolve.ts";
import { createSignIn } from "./sign-in.ts";
import { createSingleFlight } from "./single-flight.ts";
import type { TokenState } from "./token-state.ts";
import { createWithinDeadline } from "./within-deadline.ts";

/** The lists of steps that a request for a token, or for a sign-in, passes from top to bottom. */
export function createAcquisitionSteps(settings: LinkSettings, placed: PlacedSource, tokens: TokenState) {
  const { source, context, reader, instance, known, accountState, check } = placed;
  const { services, cached } = settings;
  const serveDespite = createServeDespite(tokens, { isHome: reader.isHome, accountState });
  const limitConcurrency = createLimitConcurrency(settings.limiter);
  const withinDeadline = createWithinDeadline(placed.startDeadline);
  const callSource = createCallSource({
    source,
    instance,
    known,
    clock: context.clock,
    events: services.events,
    instruments: services.instruments,
    checkToken: settings.isForeign === true ? checkForeignToken : checkToken,
    check,
    announceAccount: tokens.accounts.announce,
  });
  return {
    acquire: compose([
      createResolve({ reader, tokens, accountState, serveDespite }),
      createFromMemory(tokens),
      createSingleFlight(tokens.flights, accountState !== undefined),
      createHonorRetryAfter(tokens.throttle, reader),
      createRemember({ tokens, reader, clock: context.clock, remembers: cached, accountState }),
      limitConcurrency,
      withinDeadline,
      cached ? throughStore(settings, placed) : undefined,
      callSource,
    ]),
    /** For `explain`: past memory, store and other callers. */
    acquireFresh: compose<IssuedToken, ResolvedRequest>([limitConcurrency, withinDeadline, callSource]),
    signIn: compose<AuthenticationRecord, ResolvedRequest>([
      withinDeadline,
      createSignIn({ source, instance, known, instruments: services.instruments, onSignIn: tokens.accounts.change }),
    ]),
  };
}

function throughStore({ services: { store } }: LinkSettings, placed: PlacedSource): LinkStep | undefined {
  if (store === undefined) return undefined;
  const { source, context, instance, check } = placed;
  const signedInAccount = async ({ options, signal }: ResolvedRequest): Promise<string | null | undefined> => {
    if (source.kind === "deployed" || source.accountState !== undefined) return undefined;
    const credential = await instance.credential(options, signal);
    return credential.account === undefined ? undefined : ((await credential.account(signal)) ?? null);
  };
  return store.createStep({ source, context, signedInAccount, check });
}

/**
 * Waits while as many acquisitions of the source run as may run at once, before the deadline
 * begins.
 */
function createLimitConcurrency(limiter: ConcurrencyLimiter | undefined): LinkStep | undefined {
  if (limiter === undefined) return undefined;
  return function limitConcurrency(request, next) {
    return limiter.run(request.signal, () => next(request));
  };
}
