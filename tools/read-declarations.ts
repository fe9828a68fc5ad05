import { type Comment, type Node, parseSync, Visitor } from "oxc-parser";

/** What one `.d.ts` file declares, imports and exports. */
export interface DeclarationFile {
  readonly source: string;
  readonly comments: readonly Comment[];
  readonly declared: Map<string, Declared>;
  readonly imports: Map<string, Reference>;
  readonly exports: Map<string, Reference>;
}

/** Overloads, and an interface beside a constant of its name, are one entry. */
export interface Declared {
  readonly kinds: string[];
  readonly texts: string[];
  readonly nodes: Node[];
  readonly mentions: Reference[];
}

/**
 * A name in the file itself, or with `from` in another one; `erased` when only its type is meant.
 */
export interface Reference {
  readonly name: string;
  readonly from?: string;
  readonly erased?: boolean;
}

const kinds: Record<string, string> = {
  ClassDeclaration: "class",
  FunctionDeclaration: "function",
  TSDeclareFunction: "function",
  TSEnumDeclaration: "enum",
  TSInterfaceDeclaration: "interface",
  TSModuleDeclaration: "namespace",
  TSTypeAliasDeclaration: "type",
  VariableDeclaration: "const",
};

/** Reads a declaration file. `export *` is refused: the import rules forbid it in sources too. */
export function readDeclarations(path: string, source: string): DeclarationFile {
  const { program, comments, errors } = parseSync(path, source);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);

  const file: DeclarationFile = { source, comments, declared: new Map(), imports: new Map(), exports: new Map() };
  const declare = (node: Node) => addDeclaration(file, node, textOf(node, source, comments));

  for (const node of program.body) {
    if (node.type === "ExportAllDeclaration") throw new Error(`${path}: export * hides what is exported`);
    else if (node.type === "ImportDeclaration")
      for (const each of node.specifiers) {
        const name = each.type === "ImportSpecifier" ? nameOf(each.imported) : "default";
        if (each.type !== "ImportNamespaceSpecifier")
          file.imports.set(each.local.name, { name, from: node.source.value });
      }
    else if (node.type === "ExportNamedDeclaration") {
      for (const name of node.declaration ? declare(node.declaration) : []) file.exports.set(name, { name });
      for (const { local, exported, exportKind } of node.specifiers) {
        const erased = node.exportKind === "type" || exportKind === "type";
        file.exports.set(nameOf(exported), { name: nameOf(local), from: node.source?.value, erased });
      }
    } else if (node.type === "ExportDefaultDeclaration") {
      const name = node.declaration.type === "Identifier" ? node.declaration.name : declare(node.declaration)[0];
      file.exports.set("default", { name: name ?? "default" });
    } else declare(node);
  }
  return file;
}

/** Returns the names that it declares. */
function addDeclaration({ declared }: DeclarationFile, node: Node, text: string): string[] {
  const names = namesOf(node);
  for (const name of names) {
    const entry = declared.get(name) ?? { kinds: [], texts: [], nodes: [], mentions: [] };
    const kind = kinds[node.type] ?? node.type;
    if (!entry.kinds.includes(kind)) entry.kinds.push(kind);
    entry.texts.push(text);
    entry.nodes.push(node);
    entry.mentions.push(...mentionsOf(node));
    declared.set(name, entry);
  }
  return names;
}

function namesOf(node: Node): string[] {
  if (node.type === "VariableDeclaration")
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  if (!(node.type in kinds) || !("id" in node)) return [];
  return [node.id?.type === "Identifier" ? node.id.name : "default"];
}

function nameOf(node: { name: string } | { value: string }): string {
  return "name" in node ? node.name : node.value;
}

/**
 * The declaration as the compiler wrote it, without comments, empty lines and the word `declare`.
 */
function textOf(node: Node, source: string, comments: Comment[]): string {
  let text = source.slice(node.start, node.end);
  for (const { start, end } of comments.filter((it) => it.start >= node.start && it.end <= node.end).reverse())
    text = text.slice(0, start - node.start) + text.slice(end - node.start);
  return text.replace(/^declare /, "").replace(/[ \t]*\n(?:[ \t]*\n)*/g, "\n");
}

/** The types that a declaration refers to. */
function mentionsOf(node: Node): Reference[] {
  const found: Reference[] = [];
  const add = (each: Node) => {
    if (each.type === "Identifier") found.push({ name: each.name });
    if (each.type === "TSQualifiedName") add(each.left);
  };
  const program = { type: "Program", body: [node] } as unknown as Parameters<Visitor["visit"]>[0];
  new Visitor({
    ClassDeclaration: (each) => each.superClass && add(each.superClass),
    TSClassImplements: (each) => add(each.expression),
    TSInterfaceHeritage: (each) => add(each.expression),
    TSTypeReference: (each) => add(each.typeName),
    TSTypeQuery: (each) => add(each.exprName),
    TSImportType: ({ source, qualifier }) => {
      if (qualifier?.type === "Identifier") found.push({ name: qualifier.name, from: source.value });
    },
  }).visit(program);
  return found;
}
