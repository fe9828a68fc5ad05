import type { ErrorCode, OutcomeCode } from "./error-code.ts";
import type { Walk } from "./walk.ts";

/**
 * What goes out on `node:diagnostics_channel`, by channel. No tokens, no causes, no account names.
 */
export interface EventPayloads {
  /** A chain was walked. The principal has no account name. */
  "azidentity:walk": Walk;
  /** A token was requested from a source. */
  "azidentity:acquire": {
    readonly source: string;
    readonly scopes: readonly string[];
    readonly tenantId: string | undefined;
    /** Milliseconds. */
    readonly ms: number;
    /** Beside callers who still had a token. */
    readonly background: boolean;
    readonly outcome: "token" | OutcomeCode;
    readonly code: ErrorCode | undefined;
    readonly correlationId: string;
  };
  /** A refresh failed while the token was still valid; no caller noticed. */
  "azidentity:refresh-failed": { readonly source: string; readonly outcome: OutcomeCode; readonly code: ErrorCode };
  /**
   * The token store failed; tokens are acquired without it. Every time, while the log says it once.
   */
  "azidentity:store-failed": { readonly source: string; readonly operation: string; readonly reason: string };
}
export type EventName = keyof EventPayloads;

export interface Events {
  /** Publishes an event. `make` is not called without a subscriber. */
  emit<N extends EventName>(name: N, make: () => EventPayloads[N]): void;
}
