import { callerAborted, untilAborted } from "../async/abort.ts";
import type { Step } from "../async/compose.ts";
import type { IssuedToken, NormalizedRequest } from "../contract/token.ts";
import { isIdentityError } from "../errors/errors.ts";
import type { LinkRequest, ResolvedRequest } from "../token/resolved-request.ts";
import type { OptionsReader } from "./options-reader.ts";
import type { TokenState } from "./token-state.ts";

const isTenantRefusal = (error: unknown) => isIdentityError(error) && error.code === "tenant-not-allowed";

/**
 * Rejects with the error of a request that could not be resolved, unless its tenant was refused and
 * turns out to be another name of one that is allowed.
 */
export async function requireLearnedTenant(
  reader: Pick<OptionsReader, "learnTenant">,
  request: NormalizedRequest,
  signal: AbortSignal,
  error: unknown,
): Promise<void> {
  if (!isTenantRefusal(error) || !(await reader.learnTenant(request, signal))) throw error;
}

/** The signal of a caller, who may have another library's. */
function signalOf(caller: LinkRequest["callerSignal"]) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(callerAborted());
  caller?.addEventListener("abort", onAbort);
  return { signal: controller.signal, end: () => caller?.removeEventListener("abort", onAbort) };
}

export interface ResolveSettings {
  readonly reader: OptionsReader;
  readonly tokens: TokenState;
  readonly accountState: (() => string | undefined) | undefined;
  /** A remembered token to serve while the options cannot be read. */
  readonly serveDespite: (error: unknown, request: LinkRequest) => Promise<IssuedToken> | undefined;
}

/** The signal of a request until `singleFlight` sets that of the acquisition. */
const noSignal = new AbortController().signal;

/**
 * Reads the options, decides the tenant and looks at the account: once, when the acquisition
 * begins.
 */
export function createResolve(settings: ResolveSettings): Step<LinkRequest, IssuedToken, ResolvedRequest> {
  const { reader, tokens, accountState, serveDespite } = settings;
  const readFor = (request: LinkRequest): ResolvedRequest =>
    Object.freeze({
      ...request,
      ...reader.resolve(request),
      account: accountState?.(),
      refusedToken: undefined,
      background: false,
      signal: noSignal,
    });

  const learned = async (request: LinkRequest, refusal: unknown): Promise<void> => {
    const { signal, end } = signalOf(request.callerSignal);
    try {
      await untilAborted(requireLearnedTenant(reader, request, signal, refusal), signal);
    } finally {
      end();
    }
  };

  return function resolve(request, next) {
    if (tokens.closed !== undefined) throw tokens.closed;
    if (request.callerSignal?.aborted) throw callerAborted();
    let resolved: ResolvedRequest;
    try {
      resolved = readFor(request);
    } catch (error) {
      const kept = serveDespite(error, request);
      if (kept !== undefined) return kept;
      if (!isTenantRefusal(error)) throw error;
      return learned(request, error).then(() => next(readFor(request)));
    }
    return next(resolved);
  };
}
