import { posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/**
 * What the import rules look at in a file: `import` and `dynamic` are needed when the program runs,
 * `type` is erased, `star` is `export *`, `env` a reading of `process.env`, `statement` anything at
 * the top level but an export list, `file` the file itself.
 */
export type FactKind = "import" | "dynamic" | "type" | "star" | "env" | "statement" | "file";

/**
 * `target` is a path from the repository's root for a relative specifier, and the specifier itself
 * for any other.
 */
export interface Fact {
  readonly kind: FactKind;
  readonly target: string;
  readonly line: number;
}

/**
 * Reads the facts of one file; `path` is relative to the repository's root, with forward slashes.
 */
export function readFacts(path: string, source: string): Fact[] {
  const { program, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);

  const facts: Fact[] = [{ kind: "file", target: path, line: 1 }];
  const add = (kind: FactKind, target: string, node: { start: number }) =>
    facts.push({ kind, target: resolve(path, target), line: source.slice(0, node.start).split("\n").length });

  for (const statement of program.body) {
    const isExportList = statement.type === "ExportNamedDeclaration" && !statement.declaration;
    if (!isExportList && statement.type !== "ExportAllDeclaration") add("statement", statement.type, statement);
  }
  new Visitor({
    ImportDeclaration(node) {
      const names = node.specifiers;
      const erased = names.length > 0 && names.every((name) => "importKind" in name && name.importKind === "type");
      add(node.importKind === "type" || erased ? "type" : "import", node.source.value, node);
    },
    ExportNamedDeclaration(node) {
      const names = node.specifiers;
      const erased = names.length > 0 && names.every((name) => name.exportKind === "type");
      if (node.source) add(node.exportKind === "type" || erased ? "type" : "import", node.source.value, node);
    },
    ExportAllDeclaration(node) {
      add("star", node.source.value, node);
      add(node.exportKind === "type" ? "type" : "import", node.source.value, node);
    },
    ImportExpression(node) {
      if (node.source.type === "Literal") add("dynamic", String(node.source.value), node);
    },
    TSImportType(node) {
      add("type", node.source.value, node);
    },
    MemberExpression(node) {
      const { object, property } = node;
      if (object.type === "Identifier" && object.name === "process" && "name" in property && property.name === "env")
        add("env", "process.env", node);
    },
  }).visit(program);
  return facts;
}

function resolve(from: string, specifier: string): string {
  return /^\.\.?\//.test(specifier) ? posix.join(posix.dirname(from), specifier) : specifier;
}
