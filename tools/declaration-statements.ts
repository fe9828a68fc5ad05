import { type Node, parseSync } from "oxc-parser";

/** A name in an import, or in a list of exports. */
export interface Link {
  readonly text: string;
  /** Its name where it comes from; `*`: all. */
  readonly name: string;
  /** What it is called in the file, or by those who import the export. */
  readonly as: string;
}

/** A statement of a declaration file. */
export interface Statement {
  /** With the comment before it. */
  readonly text: string;
  /** Whether it names nothing, as `export {}` and an import for its side effects. */
  readonly isAlwaysKept: boolean;
  /** Names of this file. */
  readonly declares: ReadonlySet<string>;
  /** Names that other files import. */
  readonly exports: ReadonlySet<string>;
  /** Every word outside of comments, and so every name that it mentions. Empty for a list. */
  readonly words: ReadonlySet<string>;
  /** `import("./file.ts").name` */
  readonly inlineImports: readonly { readonly module: string; readonly name: string }[];
  /** The names of an import, or of `export { ... }`. */
  readonly list:
    | {
        readonly isImport: boolean;
        readonly from: string | undefined;
        readonly head: string;
        readonly links: readonly Link[];
        readonly tail: string;
      }
    | undefined;
}

type Named = { readonly name: string } | { readonly value: string };
const nameOf = (node: Named): string => ("name" in node ? node.name : node.value);

/** The name of an imported or exported one, there and here. */
function namesOf(node: Node): Pick<Link, "name" | "as"> {
  if (node.type === "ImportSpecifier") return { name: nameOf(node.imported), as: node.local.name };
  if (node.type === "ExportSpecifier") return { name: nameOf(node.local), as: nameOf(node.exported) };
  if (node.type === "ImportDefaultSpecifier") return { name: "default", as: node.local.name };
  if (node.type === "ImportNamespaceSpecifier") return { name: "*", as: node.local.name };
  throw new Error(`${node.type} is neither an import nor an export.`);
}

function listOf(node: Node, source: string, start: number): Statement["list"] {
  const isImport = node.type === "ImportDeclaration";
  if (!isImport && node.type !== "ExportNamedDeclaration") return undefined;
  const { specifiers } = node;
  const [first, last] = [specifiers[0], specifiers.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    isImport,
    from: node.source?.value,
    head: source.slice(start, first.start),
    links: specifiers.map((each) => ({ text: source.slice(each.start, each.end), ...namesOf(each) })),
    tail: source.slice(last.end, node.end),
  };
}

function declaredBy(node: Node): string[] {
  if (node.type === "VariableDeclaration")
    return node.declarations.map(({ id }) => (id.type === "Identifier" ? id.name : ""));
  return "id" in node && node.id?.type === "Identifier" ? [node.id.name] : [];
}

function parseStatement(node: Node, source: string, start: number): Statement {
  const text = source.slice(start, node.end);
  const list = listOf(node, source, start);
  const isDefault = node.type === "ExportDefaultDeclaration";
  const isExported = isDefault || node.type === "ExportNamedDeclaration";
  const declared = isExported && "declaration" in node ? node.declaration : node;
  const declares = list === undefined && declared !== null ? declaredBy(declared as Node) : [];
  const code = list === undefined ? text.replace(/\/\*.*?\*\//gs, "") : "";
  const exported = list === undefined ? declares : list.isImport ? [] : list.links.map((link) => link.as);
  return {
    text,
    isAlwaysKept: list === undefined && declares.length === 0 && !isDefault,
    declares: new Set(declares),
    exports: new Set(isDefault ? ["default"] : isExported ? exported : []),
    words: new Set(code.match(/[\w$]+/g)),
    inlineImports: [...code.matchAll(/\bimport\("([^"]+)"\)(?:\.([\w$]+))?/g)].map(([, module = "", name = "*"]) => ({
      module,
      name,
    })),
    list,
  };
}

/** Reads the statements of a declaration file. */
export function parseStatements(path: string, source: string): readonly Statement[] {
  const { program, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  let start = 0;
  return program.body.map((node) => {
    const statement = parseStatement(node, source, start);
    start = node.end;
    return statement;
  });
}

/** The text of a statement, with those names of a list that are in `links`. */
export function textOf({ text, list }: Statement, links: ReadonlySet<Link>): string {
  if (list === undefined) return text;
  const used = list.links.filter((link) => links.has(link));
  return list.head + used.map((link) => link.text).join(", ") + list.tail;
}
