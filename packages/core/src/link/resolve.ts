import { callerAborted } from "../async/abort.ts";
import type { Step } from "../async/compose.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { LinkRequest, ResolvedRequest } from "../token/resolved-request.ts";
import type { OptionsReader } from "./options-reader.ts";
import type { TokenState } from "./token-state.ts";

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

  return function resolve(request, next) {
    if (tokens.closed !== undefined) throw tokens.closed;
    if (request.callerSignal?.aborted) throw callerAborted();
    let resolved: ResolvedRequest;
    try {
      resolved = readFor(request);
    } catch (error) {
      const kept = serveDespite(error, request);
      if (kept !== undefined) return kept;
      throw error;
    }
    return next(resolved);
  };
}
