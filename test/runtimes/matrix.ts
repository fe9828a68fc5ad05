/** The tables of what works in which runtime, of what the suite has found. */
import { markdownTable } from "../../tools/markdown-table.ts";

/** A line of the suite (suite/main.mjs). */
export interface Finding {
  readonly area: string;
  readonly name: string;
  /** `ok`, or the code of the failure. */
  readonly outcome: string;
  readonly stack?: string;
}

/** The findings of each runtime, by its name. */
export type Findings = ReadonlyMap<string, readonly Finding[]>;

/** `all`: how many cases the area has; a runtime may be able to do some of them. */
function cellOf(found: readonly Finding[], all: number): string {
  if (found.length === 0) return "n/a";
  const ok = found.filter(({ outcome }) => outcome === "ok").length;
  if (ok === 0) return "no";
  return ok === all ? "yes" : `${ok} of ${all}`;
}

/** One row for each area, for the README. */
export function areaTable(findings: Findings): string {
  const areas = new Set([...findings.values()].flat().map(({ area }) => area));
  const cells = (area: string) => {
    const found = [...findings.values()].map((all) => all.filter((one) => one.area === area));
    return found.map((one) => cellOf(one, Math.max(...found.map(({ length }) => length))));
  };
  return markdownTable([["", ...findings.keys()], ...[...areas].map((area) => [area, ...cells(area)])]);
}

/**
 * One row for each case, for the page about runtimes; a failure has its code. "n/a": the case is
 * not for the runtime.
 */
export function caseTable(findings: Findings): string {
  const names = new Set([...findings.values()].flat().map(({ name }) => name));
  const cells = (name: string) =>
    [...findings.values()].map((all) => {
      const outcome = all.find((one) => one.name === name)?.outcome;
      if (outcome === undefined) return "n/a";
      return outcome === "ok" ? "yes" : `\`${outcome}\``;
    });
  return markdownTable([["", ...findings.keys()], ...[...names].map((name) => [name, ...cells(name)])]);
}
