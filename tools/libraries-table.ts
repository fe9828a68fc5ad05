/**
 * Writes the table of docs/migrating.md: libraries with the drop-in in place of `@azure/identity`,
 * as `pnpm test:tools` runs them, in the versions of their lockfile.
 *
 *     node tools/libraries-table.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fillPage } from "./fill-page.ts";
import { markdownTable } from "./markdown-table.ts";
import { type Library, libraries } from "./trees/drop-in/libraries.ts";

const page = "docs/migrating.md";

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}

function countOf({ counted, beforeIsMinimum }: Library, count: number): string {
  const least = beforeIsMinimum && count > 1 ? "at least " : "";
  return `${least}${count}${counted === "processes" ? " `az`" : ""}`;
}

/** The table; libraries that do not run with the drop-in yet are not in it. */
export function librariesTable(all: readonly Library[], { packages }: Lockfile): string {
  const rows = all.flatMap((library) => {
    const { package: name, does, before, after } = library;
    const version = packages[`node_modules/${name}`]?.version ?? "";
    return after === undefined
      ? []
      : [[`\`${name}\``, version, does, countOf(library, before), countOf(library, after)]];
  });
  return markdownTable([["package", "version", "program", "before", "after"], ...rows]);
}

/** The page with the table as it should be. */
export function pageWithTable(text: string): string {
  const lockfile = JSON.parse(readFileSync("tools/trees/drop-in/package-lock.json", "utf8"));
  return fillPage(page, text, new Map([["libraries", librariesTable(libraries, lockfile)]]));
}

if (import.meta.main) writeFileSync(page, pageWithTable(readFileSync(page, "utf8")));
