import { callerAborted, untilAborted, withOwnSignal } from "../async/abort.ts";
import type { Next } from "../async/compose.ts";
import type { IssuedToken, NormalizedRequest } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import type { LinkRequest, ResolvedRequest } from "../token/resolved-request.ts";
import { serveDespite } from "./from-memory.ts";
import { learnTenant, resolveRequest } from "./options-reader.ts";
import { accountOf, type PlacedSource } from "./placed-source.ts";

const isTenantRefusal = (error: unknown) => isIdentityError(error) && error.code === "tenant-not-allowed";

/**
 * Rejects with the error of a request that could not be resolved, unless its tenant was refused and
 * turns out to be another name of one that is allowed.
 */
export async function requireLearnedTenant(
  placed: PlacedSource,
  request: NormalizedRequest,
  signal: AbortSignal,
  error: unknown,
): Promise<void> {
  if (!isTenantRefusal(error) || !(await learnTenant(placed, request, signal))) throw error;
}

/** A request with what is decided now. */
function readFor(placed: PlacedSource, request: LinkRequest): ResolvedRequest {
  return Object.freeze({
    ...request,
    ...resolveRequest(placed, request),
    account: accountOf(placed),
    refusedToken: undefined,
    background: false,
    signal: new AbortController().signal, // until `singleFlight` sets that of the acquisition
  });
}

async function learned(placed: PlacedSource, request: LinkRequest, refusal: unknown): Promise<void> {
  await withOwnSignal(request.callerSignal, (signal) =>
    untilAborted(requireLearnedTenant(placed, request, signal, refusal), signal),
  );
}

/**
 * Reads the options, decides the tenant and looks at the account: once, when the acquisition
 * begins.
 */
export function resolve(
  placed: PlacedSource,
  request: LinkRequest,
  next: Next<ResolvedRequest, IssuedToken>,
): Promise<IssuedToken> {
  const { closed } = placed.tokens;
  if (closed !== undefined) throw closed;
  if (request.callerSignal?.aborted) throw callerAborted();
  let resolved: ResolvedRequest;
  try {
    resolved = readFor(placed, request);
  } catch (error) {
    const kept = serveDespite(placed, error, request);
    if (kept !== undefined) return kept;
    if (!isTenantRefusal(error)) throw error;
    return learned(placed, request, error).then(() => next(readFor(placed, request)));
  }
  return next(resolved);
}
