import type { Attempt, IdentityConfig, Principal } from "@azidentity/core";
import type { Explanation } from "@azidentity/core/inspect";
import { type Followed, followedBy, stopOf } from "./why-next.ts";

/** One source of the walk, and what followed. */
export interface ExplainedAttempt extends Attempt, Followed {}

/** A walk as people and programs read it. */
export interface ExplanationReport {
  readonly scopes: readonly string[];
  readonly attempts: readonly ExplainedAttempt[];
  /** Sources of the chain after the one that ended it. */
  readonly notTried: readonly string[];
  readonly source: string | undefined;
  readonly principal: Principal | undefined;
  readonly expiresOn: string | undefined;
  /** What has to be fixed first; `undefined`: there was a token. */
  readonly cause: Pick<Attempt, "source" | "code" | "reason" | "remedy"> | undefined;
  /** Milliseconds. */
  readonly ms: number;
}

/**
 * Puts an explanation into order.
 *
 * @param chain names of the chain, where they are known
 */
export function reportOf(
  { walk, error, cause, expiresOnTimestamp }: Explanation,
  chain: readonly string[],
  policy: IdentityConfig["policy"],
): ExplanationReport {
  const { scopes, attempts, winner, principal, ms } = walk;
  const stop = stopOf(error?.message);
  const explained = attempts.map((attempt, index) => {
    const isLast = index === attempts.length - 1;
    return { ...attempt, ...followedBy(attempt, { isLast, stop, policy }) };
  });
  const tried = attempts.map(({ source }) => source);
  const { source = "", code, reason = error?.message ?? "", remedy = error?.remedy } = cause ?? {};
  return {
    scopes,
    attempts: explained,
    notTried: chain.filter((name) => !tried.includes(name)),
    source: winner,
    principal,
    expiresOn: expiresOnTimestamp === undefined ? undefined : new Date(expiresOnTimestamp).toISOString(),
    cause: error === undefined ? undefined : { source, code, reason, remedy },
    ms,
  };
}
