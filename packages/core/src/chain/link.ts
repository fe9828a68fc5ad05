import type { Detection, SourceKind } from "../contract/source.ts";
import type { AbortSignalLike, AccessToken, GetTokenOptions, NormalizedRequest, Principal } from "../contract/token.ts";

/** A source placed in a chain with its options, as the chain sees it. */
export interface Link {
  /** Name of the source. */
  readonly name: string;
  readonly kind: SourceKind;
  /**
   * The account that a tool is signed in to now; `undefined` while it cannot be told. Absent for
   * sources whose account does not change outside this process.
   */
  readonly accountState?: (() => string | undefined) | undefined;
  detect(): Detection;
  /** A cheap look whether its host is there; `undefined` when the source has none. */
  probe(signal: AbortSignal): Promise<Detection | undefined>;
  /** Memory alone. */
  peek(scopes: string | readonly string[], options?: GetTokenOptions, user?: string): Promise<AccessToken> | undefined;
  /** Memory, flights, source. */
  getToken(request: NormalizedRequest, signal?: AbortSignalLike, user?: string): Promise<AccessToken>;
  /** The source alone, past every cache; for `explain`. */
  getFreshToken(request: NormalizedRequest, signal: AbortSignal): Promise<AccessToken>;
  /** Whom a token of its source speaks for. */
  principal(token: AccessToken): Principal;
  /** Forgets its tokens, as when another link takes over. */
  forget(): void;
}
