import { readVersion } from "../version.ts";
import { conclude, winnerOf } from "./conclusion.ts";
import type { CheckResult } from "./run-checks.ts";

/** The report for programs: the conclusion, and all findings. */
export function reportJson(results: readonly CheckResult[], scope: string): object {
  const { isReady, headline, cause } = conclude(results, scope);
  const winner = winnerOf(results);
  const { principal, expiresOnTimestamp } = winner ?? {};
  return {
    azid: readVersion(),
    ready: isReady,
    scope,
    headline,
    ...(cause !== undefined && { cause }),
    ...(winner !== undefined && { source: winner.subject, principal }),
    ...(expiresOnTimestamp !== undefined && { expiresOn: new Date(expiresOnTimestamp).toISOString() }),
    checks: results.map(({ name, findings }) => ({ name, findings })),
  };
}
