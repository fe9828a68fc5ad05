import { posix } from "node:path";
import { type DeclarationFile, type Declared, type Reference, readDeclarations } from "./read-declarations.ts";

/**
 * Describes what an entry point exports, from its built declaration file: every name, its kind and
 * its signature. Names that those signatures mention without exporting them follow, since users
 * depend on them too. `read` gives the text of a declaration file. What other packages declare is
 * named, not followed.
 */
export function describeEntryPoint(entry: string, read: (path: string) => string): string {
  const find = finder(read);
  const exported = [...find.file(entry).exports].map(([name, reference]) => ({ ...find(entry, reference), as: name }));
  const seen = new Set(exported.map(idOf));

  const mentioned: Found[] = [];
  const queue: Found[] = [...exported];
  for (let found = queue.shift(); found; found = queue.shift())
    for (const reference of found.declared?.mentions ?? []) {
      const next = find(found.path, reference);
      if (!next.declared || seen.has(idOf(next))) continue;
      seen.add(idOf(next));
      mentioned.push(next);
      queue.push(next);
    }

  const sections = exported.map((found) => section(found.as, found)).sort();
  const inner = mentioned.map((found) => section(found.name, { ...found, erased: false })).sort();
  return [...sections, ...(inner.length > 0 ? ["# Mentioned above, not exported", ...inner] : [])].join("\n\n");
}

export interface Found {
  readonly name: string;
  readonly path: string;
  readonly erased: boolean;
  /** Absent: another package or the language itself declares it. */
  readonly declared?: Declared;
}

/**
 * Finds what a name means: in the file itself, or in the one that it is imported or re-exported
 * from.
 */
export function finder(read: (path: string) => string) {
  const files = new Map<string, DeclarationFile>();
  const file = (path: string): DeclarationFile => {
    const known = files.get(path) ?? readDeclarations(path, read(path));
    files.set(path, known);
    return known;
  };
  const find = (path: string, { name, from, erased = false }: Reference): Found => {
    if (from && !from.startsWith(".")) return { name, path: from, erased };
    const target = from ? posix.join(posix.dirname(path), from.replace(/\.[jt]s$/, ".d.ts")) : path;
    const declared = from ? undefined : file(path).declared.get(name);
    const next = from ? file(target).exports.get(name) : file(path).imports.get(name);
    if (from && !next) throw new Error(`${path} wants ${name} of ${target}, which does not export it`);
    if (declared || !next) return { name, path: target, erased, declared };
    return find(target, { ...next, erased: erased || next.erased });
  };
  return Object.assign(find, { file });
}

function idOf({ path, name }: Found): string {
  return `${path} ${name}`;
}

function section(title: string, { name, path, declared, erased }: Found): string {
  const kind = declared?.kinds.join(" and ") ?? `${name} of ${path}`;
  const isValue = declared?.kinds.some((each) => each !== "interface" && each !== "type");
  const heading = `## ${title} (${kind}${erased && isValue ? ", type only" : ""})`;
  return declared ? `${heading}\n\n\`\`\`ts\n${declared.texts.join("\n")}\n\`\`\`` : heading;
}
