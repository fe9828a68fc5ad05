import { globSync, readFileSync } from "node:fs";
import { type ImportRule, importRules } from "./import-rules.ts";
import { type Fact, readFacts } from "./read-facts.ts";

/** Checks files, given as path → source, and returns one text per violation. */
export function checkImports(files: Record<string, string>, rules = importRules): string[] {
  const facts = new Map(Object.entries(files).map(([path, source]) => [path, readFacts(path, source)]));
  const violations = [...facts].flatMap(([path, found]) => rules.flatMap((rule) => violationsOf(rule, path, found)));
  return [...violations, ...findCycles(facts)];
}

function violationsOf(rule: ImportRule, path: string, facts: Fact[]): string[] {
  const match = new RegExp(rule.files).exec(path);
  const binds = rule.binds ?? "sources";
  if (!match || (binds !== "both" && (binds === "tests") !== isTest(path))) return [];

  const pattern = new RegExp((rule.only ?? rule.never ?? "").replaceAll("$1", match[1] ?? ""));
  return facts
    .filter((fact) => rule.kinds.includes(fact.kind) && pattern.test(fact.target) === (rule.only === undefined))
    .map((fact) => `${path}:${fact.line} ${fact.target}\n    ${rule.name}: ${rule.instead}.`);
}

/**
 * Tests may look anywhere inside their package: they are never shipped, and nothing imports them.
 */
function isTest(path: string): boolean {
  return /\.test(?:-d)?\.ts$|^packages\/[^/]+\/test(?:-tools)?\//.test(path);
}

/** Files that import each other, types included: a reader of one has to read them all. */
function findCycles(facts: Map<string, Fact[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const cycle = [...trail.slice(start), path].join(" → ");
      cycles.push(`${path}:1 ${cycle}\n    no-cycles: move what they share into a third file.`);
    }
    if (done.has(path) || start >= 0) return;
    for (const { kind, target } of facts.get(path) ?? [])
      if (kind === "import" || kind === "dynamic" || kind === "type") visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of facts.keys()) visit(path, []);
  return cycles;
}

if (import.meta.main) {
  const paths = globSync("{packages,examples,bench}/**/*.{ts,mts,cts}", {
    exclude: (path) => /(?:^|\/)(?:node_modules|dist)$/.test(path),
  });
  const files = Object.fromEntries(paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(path, "utf8")]));
  const violations = checkImports(files);
  for (const violation of violations) console.error(violation);
  console.log(`${paths.length} files read, ${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
