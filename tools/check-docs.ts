/**
 * Counts what the doc comments of the public API lack: names that an entry point exports, members
 * of their types, and `@throws` of what can fail. Reads what `pnpm build` has built; lists each
 * place and fails if there is one.
 */
import { readFileSync } from "node:fs";
import type { Node } from "oxc-parser";
import { type MissingDoc, memberNames, missingDocs } from "./doc-comments.ts";
import { type Found, finder } from "./entry-point-api.ts";
import { publicEntryPoints } from "./public-packages.ts";
import { throwingFunctions } from "./throwing-functions.ts";

const page = readFileSync("docs/errors.md", "utf8");
const codes = new Set([...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code = ""]) => code));
const find = finder((path) => readFileSync(path, "utf8"));

/**
 * The members that have a comment in the base of a class, which editors show for those that
 * override them.
 */
function documentedInBase(node: Node, path: string): string[] {
  if (node.type !== "ClassDeclaration" || node.superClass?.type !== "Identifier") return [];
  const base = find(path, { name: node.superClass.name });
  const file = find.file(base.path);
  return (base.declared?.nodes ?? []).flatMap((each) => {
    const missing = missingDocs("", each, file, { codes }).map(({ name }) => name.slice(1));
    const own = memberNames(each, file).filter((member) => !missing.includes(member));
    return [...own, ...documentedInBase(each, base.path)];
  });
}

/** What the doc comments of one exported name lack. */
function missingOf(name: string, { name: declaredName, path, declared }: Found): MissingDoc[] {
  const throwing = throwingFunctions(path.replace(/\/dist\/(?:esm\/)?/, "/src/").replace(/\.d\.(c?ts)$/, ".$1"));
  return (declared?.nodes ?? []).flatMap((node) => {
    const inherited = new Set(documentedInBase(node, path).map((member) => `${name}.${member}`));
    const missing = missingDocs(name, node, find.file(path), { codes, throwsAtOnce: throwing.includes(declaredName) });
    return missing.filter((one) => !inherited.has(one.name));
  });
}

const seen = new Set<string>();
for (const { declarations: entryPoint } of publicEntryPoints()) {
  const missing = [...find.file(entryPoint).exports].flatMap(([name, reference]) => {
    const found = find(entryPoint, reference);
    const id = `${found.path} ${found.name}`;
    if (found.declared === undefined || seen.has(id)) return [];
    seen.add(id);
    return missingOf(name, found);
  });
  console.log(`${entryPoint}: ${missing.length}`);
  for (const { name, problem } of missing) console.log(`  ${name} ${problem}`);
  if (missing.length > 0) process.exitCode = 1;
}
