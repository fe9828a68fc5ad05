import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Link, parseStatements, type Statement, textOf } from "./declaration-statements.ts";

const declarationsOf = (module: string) => module.replace(/\.(c?)[jt]s$/, ".d.$1ts");

interface DeclarationFile {
  readonly source: string;
  readonly statements: readonly Statement[];
}

interface Reachable {
  readonly files: ReadonlyMap<string, DeclarationFile>;
  readonly kept: ReadonlySet<Statement>;
  /** The names that imports and lists of exports have to bring. */
  readonly links: ReadonlySet<Link>;
  /** Files, and names of files, that are needed and not there. */
  readonly missing: readonly string[];
}

/** What the exports of declaration files lead to, name by name. */
function reachable(roots: readonly string[]): Reachable {
  const files = new Map<string, DeclarationFile>();
  const wanted = new Set<string>();
  const kept = new Set<Statement>();
  const links = new Set<Link>();
  const missing: string[] = [];

  const open = (path: string): DeclarationFile => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (source === "") missing.push(path);
    const file = { source, statements: parseStatements(path, source) };
    files.set(path, file);
    for (const statement of file.statements) if (statement.isAlwaysKept) keep(path, statement);
    return file;
  };

  const want = (from: string, module: string, name: string): void => {
    if (module.startsWith(".")) wantName(resolve(dirname(from), declarationsOf(module)), name);
  };

  const wantName = (path: string, name: string): void => {
    const id = `${path} ${name}`;
    if (wanted.has(id)) return;
    wanted.add(id);
    const { statements } = open(path);
    const found = statements.filter(({ exports }) => name === "*" || exports.has(name));
    if (found.length === 0) missing.push(id);
    for (const statement of found) {
      const { list } = statement;
      if (list === undefined) keep(path, statement);
      else for (const link of list.links) if (name === "*" || link.as === name) follow(path, statement, link);
    }
  };

  const follow = (path: string, statement: Statement, link: Link): void => {
    kept.add(statement);
    if (links.has(link)) return;
    links.add(link);
    if (statement.list?.from === undefined) wantWord(path, link.name);
    else want(path, statement.list.from, link.name);
  };

  const wantWord = (path: string, word: string): void => {
    for (const statement of open(path).statements) {
      if (statement.declares.has(word)) keep(path, statement);
      for (const link of statement.list?.links ?? [])
        if (statement.list?.isImport && link.as === word) follow(path, statement, link);
    }
  };

  const keep = (path: string, statement: Statement): void => {
    if (kept.has(statement)) return;
    kept.add(statement);
    for (const word of statement.words) wantWord(path, word);
    for (const { module, name } of statement.inlineImports) want(path, module, name);
  };

  for (const root of roots) wantName(resolve(root), "*");
  return { files, kept, links, missing };
}

/** What entry points need of declarations, and is not there. */
export function missingDeclarations(entryPoints: readonly string[]): readonly string[] {
  return reachable(entryPoints.map(declarationsOf)).missing;
}

/**
 * Deletes what none of a package's entry points leads to: files, and declarations in the others.
 */
export function pruneDeclarations(outdir: string, entryPoints: readonly string[]): void {
  const { files, kept, links } = reachable(entryPoints.map(declarationsOf));
  for (const name of globSync("**/*.d.{ts,cts}", { cwd: outdir })) {
    const path = resolve(join(outdir, name));
    const file = files.get(path);
    const statements = file?.statements.filter((statement) => kept.has(statement)) ?? [];
    if (file === undefined || statements.length === 0) rmSync(path);
    else {
      const text = statements.map((statement) => textOf(statement, links)).join("");
      if (text.trim() !== file.source.trim()) writeFileSync(path, `${text.trimStart()}\n`);
    }
  }
}
