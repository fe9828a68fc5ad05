import type { IdentityAsk } from "./asks.ts";
import type { CodeReport } from "./habits/search-code.ts";
import type { PackageManager } from "./lockfiles/lockfile.ts";
import type { Step } from "./steps.ts";

/** What `azid migrate --check` has found. */
export interface MigrationReport {
  readonly lockfile: { readonly path: string; readonly manager: PackageManager };
  readonly asks: readonly IdentityAsk[];
  /** What to do, in order; none: nothing has to be done. */
  readonly steps: readonly Step[];
  /** What is installed for the sake of `@azure/identity` alone. */
  readonly goes: { readonly packages: readonly string[]; readonly bytes: number | undefined };
  /** Megabytes of the drop-in and what it alone needs. */
  readonly comesMegabytes: number;
  readonly code: CodeReport;
}

/** The report as `--json` prints it. */
export function reportJson({ code, ...report }: MigrationReport): object {
  const habits = code.habits.map(({ file, line, habit }) => {
    return { file, line, habit: habit.name, difference: habit.difference, page: pageOf(habit.section) };
  });
  return { ...report, code: { ...code, habits } };
}

export function pageOf(section: string): string {
  return `docs/migrating.md#${section}`;
}
