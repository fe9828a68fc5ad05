import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const declarationsOf = (module: string) => module.replace(/\.(c?)[jt]s$/, ".d.$1ts");

/** Declarations that the given ones lead to. */
function reachable(roots: readonly string[]): { readonly found: Set<string>; readonly missing: string[] } {
  const found = new Set<string>();
  const missing: string[] = [];
  const follow = (file: string) => {
    if (found.has(file)) return;
    if (!existsSync(file)) return void missing.push(file);
    found.add(file);
    for (const [, module = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\(|import) ?"(\.[^"]+)"/g))
      follow(resolve(dirname(file), declarationsOf(module)));
  };
  for (const root of roots) follow(resolve(root));
  return { found, missing };
}

/** Declarations that entry points need and that are not there. */
export function missingDeclarations(entryPoints: readonly string[]): readonly string[] {
  return reachable(entryPoints.map(declarationsOf)).missing;
}

/** Deletes declarations of a package to which none of its entry points leads. */
export function pruneDeclarations(outdir: string, entryPoints: readonly string[]): void {
  const { found } = reachable(entryPoints.map(declarationsOf));
  for (const file of globSync("**/*.d.{ts,cts}", { cwd: outdir }))
    if (!found.has(resolve(outdir, file))) rmSync(join(outdir, file));
}
