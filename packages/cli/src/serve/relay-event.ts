import type { Protocol } from "./protocols/protocol.ts";
import type { RefusalReason } from "./refusal.ts";

/**
 * One request that was answered: who asked for what. Texts are the client's, with whatever is in
 * them.
 */
export interface RelayEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `undefined`: the request had no valid key. */
  readonly client: string | undefined;
  readonly protocol: Protocol["name"];
  /** `undefined`: the request was refused before they were read. */
  readonly scopes: readonly string[] | undefined;
  /** What the client calls the request. */
  readonly correlationId?: string | undefined;
  readonly outcome: "token" | RefusalReason;
  /** Why there was no token, and what to do. */
  readonly refusal?: { readonly message: string; readonly remedy: string | undefined } | undefined;
  /** Milliseconds until the answer. */
  readonly ms: number;
}
