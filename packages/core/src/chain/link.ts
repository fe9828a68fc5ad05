import type { Detection, SourceKind } from "../contract/source.ts";
import type { AbortSignalLike, AccessToken, GetTokenOptions, NormalizedRequest, Principal } from "../contract/token.ts";

/** A source with its options, as a chain uses it. */
export interface Link {
  /** Name of the source. */
  readonly name: string;
  readonly kind: SourceKind;
  /**
   * The account that a tool is signed in to now; `undefined` while it is unknown. Absent for
   * sources whose account does not change outside this process.
   */
  readonly accountState?: (() => string | undefined) | undefined;
  detect(): Detection;
  /** A cheap check whether its host answers; `undefined` when the source has none. */
  probe(signal: AbortSignal): Promise<Detection | undefined>;
  /** From memory alone; `undefined`: not there, or due for refresh. */
  peek(scopes: string | readonly string[], options?: GetTokenOptions, user?: string): Promise<AccessToken> | undefined;
  /** From memory, from a request under way, or from the source. */
  getToken(request: NormalizedRequest, signal?: AbortSignalLike, user?: string): Promise<AccessToken>;
  /** From the source itself, without any cache; for `explain`. */
  getFreshToken(request: NormalizedRequest, signal: AbortSignal): Promise<AccessToken>;
  /** The principal of a token of its source. */
  principal(token: AccessToken): Principal;
  /** Drops its tokens, for example when another link is elected. */
  forget(): void;
}
