import type { ErrorCode, OutcomeCode } from "./error-code.ts";
import type { SourceKind } from "./source.ts";
import type { Principal } from "./token.ts";

/** One source of a walk, tried or skipped, and its outcome. */
export interface Attempt {
  /** Name of the source. */
  readonly source: string;
  /** Kind of the source. */
  readonly kind: SourceKind;
  /** The result of its `detect` or its probe, and what its answer added to that. */
  readonly state: "ready" | "likely" | "possible" | "absent";
  /** `token`, or how it failed. */
  readonly outcome: "token" | OutcomeCode;
  /** The error's stable code; `undefined` for a token. */
  readonly code: ErrorCode | undefined;
  /** Milliseconds. */
  readonly ms: number;
  /**
   * One sentence: why it was skipped, how it failed, or why it is the winner. Contains no secret.
   */
  readonly reason: string;
  /**
   * What to type or change next, which `reason` ends with; `undefined`: nothing is known, or
   * needed.
   */
  readonly remedy: string | undefined;
}

/** The record of one walk of a chain. */
export interface Walk {
  /** The scopes of the request, normalised and sorted. */
  readonly scopes: readonly string[];
  /** The sources in the order of the chain, as far as it went. */
  readonly attempts: readonly Attempt[];
  /** Name of the source that answered. */
  readonly winner: string | undefined;
  /** Principal of its token. */
  readonly principal: Principal | undefined;
  /**
   * Why tokens live in memory alone although there is a token store; absent when it works. In what
   * `explain` answers and in `explain.last`.
   */
  readonly storeFailure?: string;
  /** Milliseconds. */
  readonly ms: number;
}
