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

const cellOf = (found: readonly Finding[] = []): string => {
  const ok = found.filter(({ outcome }) => outcome === "ok").length;
  if (found.length === 0) return "no";
  return ok === found.length ? "yes" : `${ok} of ${found.length}`;
};

/** One row for each area, for the README. */
export function areaTable(findings: Findings): string {
  const areas = new Set([...findings.values()].flat().map(({ area }) => area));
  const cells = (area: string) => [...findings.values()].map((all) => cellOf(all.filter((one) => one.area === area)));
  return markdownTable([["", ...findings.keys()], ...[...areas].map((area) => [area, ...cells(area)])]);
}

/** One row for each case, for the page about runtimes; a failure has its code. */
export function caseTable(findings: Findings): string {
  const names = new Set([...findings.values()].flat().map(({ name }) => name));
  const cells = (name: string) =>
    [...findings.values()].map((all) => {
      const outcome = all.find((one) => one.name === name)?.outcome ?? "no";
      return outcome === "ok" ? "yes" : outcome === "no" ? "no" : `\`${outcome}\``;
    });
  return markdownTable([["", ...findings.keys()], ...[...names].map((name) => [name, ...cells(name)])]);
}
