import { compose, type Next } from "../async/compose.ts";
import type { AuthenticationRecord } from "../contract/source.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { LinkRequest, ResolvedRequest } from "../token/resolved-request.ts";
import { callSource } from "./call-source.ts";
import { fromMemory } from "./from-memory.ts";
import { honorRetryAfter } from "./honor-retry-after.ts";
import type { Instruments } from "./instruments.ts";
import type { LinkServices, PlacedSource } from "./placed-source.ts";
import { remember } from "./remember.ts";
import { resolve } from "./resolve.ts";
import { signIn } from "./sign-in.ts";
import { singleFlight } from "./single-flight.ts";
import { withinDeadline } from "./within-deadline.ts";

/** The lists of steps that a request for a token, or for a sign-in, passes from top to bottom. */
export interface AcquisitionSteps {
  acquire(placed: PlacedSource, request: LinkRequest): Promise<IssuedToken>;
  /** For `explain`: past memory, store and other callers. */
  acquireFresh(placed: PlacedSource, request: ResolvedRequest): Promise<IssuedToken>;
  signIn(placed: PlacedSource, request: ResolvedRequest): Promise<AuthenticationRecord>;
}

/** Work of a source, inside the hooks of the caller if there are any. */
function observed<T>(
  instruments: Instruments | undefined,
  operation: "getToken" | "authenticate",
  work: (placed: PlacedSource, request: ResolvedRequest) => Promise<T>,
) {
  if (instruments === undefined) return work;
  return (placed: PlacedSource, request: ResolvedRequest) =>
    instruments.acquire(placed.source.name, operation, request, (inner) => work(placed, inner));
}

/**
 * Waits while as many acquisitions of the source run as may run at once, if it limits them, before
 * the deadline begins.
 */
function limitConcurrency(
  { limiter }: PlacedSource,
  request: ResolvedRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<IssuedToken> {
  return limiter === undefined ? next(request) : limiter.run(request.signal, () => next(request));
}

type StepServices = Pick<LinkServices, "store" | "instruments">;

function composeSteps({ store, instruments }: StepServices): AcquisitionSteps {
  const call = observed(instruments, "getToken", callSource);
  return {
    acquire: compose<PlacedSource, IssuedToken, LinkRequest, ResolvedRequest>([
      resolve,
      fromMemory,
      singleFlight,
      honorRetryAfter,
      remember,
      limitConcurrency,
      withinDeadline,
      store?.step,
      call,
    ]),
    acquireFresh: compose<PlacedSource, IssuedToken, ResolvedRequest>([limitConcurrency, withinDeadline, call]),
    signIn: compose<PlacedSource, AuthenticationRecord, ResolvedRequest>([
      withinDeadline,
      observed(instruments, "authenticate", signIn),
    ]),
  };
}

/** The steps without a store and hooks: the same for thousands of identities. */
const usualSteps = composeSteps({ store: undefined, instruments: undefined });

/** The steps of all links of an identity. */
export function createAcquisitionSteps(services: StepServices): AcquisitionSteps {
  return services.store === undefined && services.instruments === undefined ? usualSteps : composeSteps(services);
}
