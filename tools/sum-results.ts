import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What `.ci/run` leaves of a step: its exit code, and vitest's JSON report when it got so far as to
 * write one.
 */
export interface Step {
  readonly status: number;
  readonly report?: Report;
  /** Where everything needed is installed, a skipped test is a failure. */
  readonly refusesSkips?: boolean;
  /** The exit code is the number of failures. */
  readonly countsByStatus?: boolean;
}

export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** One per test file. A file that does not even load fails without a failed test. */
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Adds up steps. A step that failed counts at least one failure, whatever its report says. */
export function sumResults(steps: readonly Step[]): { passed: number; failed: number } {
  const sum = { passed: 0, failed: 0 };
  for (const { status, report, refusesSkips, countsByStatus } of steps) {
    const broken =
      report?.testResults.filter((file) => file.status === "failed" && !file.assertionResults.length) ?? [];
    const skipped = refusesSkips && report ? report.numPendingTests + report.numTodoTests : 0;
    const failed = broken.length + skipped + (report?.numFailedTests ?? 0);
    sum.passed += report?.numPassedTests ?? 0;
    sum.failed += countsByStatus ? status : Math.max(failed, status === 0 ? 0 : 1);
  }
  return sum;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? ".";
  const read = (name: string): Step => {
    const report = join(folder, `${name}.json`);
    return {
      status: Number(readFileSync(join(folder, `${name}.status`), "utf8")),
      report: existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined,
    };
  };
  const { passed, failed } = sumResults([
    read("test"),
    { ...read("check"), countsByStatus: true },
    { ...read("tools"), refusesSkips: true },
  ]);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
