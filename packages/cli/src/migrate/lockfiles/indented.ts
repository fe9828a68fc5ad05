/** A mapping of a lockfile in YAML: keys, and scalars as text or further mappings. */
export interface Mapping {
  readonly [key: string]: string | Mapping;
}

interface Level {
  readonly indent: number;
  readonly mapping: Record<string, string | Mapping>;
}

const line = /^( *)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"-][^:]*(?::(?! |$)[^:]*)*)):(?: (.*))?$/;

/**
 * Reads the YAML that pnpm and yarn write into their lockfiles: mappings that are indented, with a
 * scalar or a mapping in one line each. Lists, and the further lines of long texts, are left out. A
 * general parser would need a second for a lockfile of 50 000 lines.
 */
export function readIndented(text: string): Mapping {
  const root: Level = { indent: -1, mapping: Object.create(null) };
  const levels = [root];
  // inside of a text of several lines, everything that is indented more is a part of it
  let textIndent = Number.POSITIVE_INFINITY;
  for (const raw of text.split(/\r?\n/)) {
    const match = line.exec(raw);
    const indent = raw.length - raw.trimStart().length;
    if (raw.trim() === "" || indent > textIndent) continue;
    textIndent = Number.POSITIVE_INFINITY;
    if (match === null) continue;
    const [, , double, single, plain, value = ""] = match;
    const key = double ?? single?.replaceAll("''", "'") ?? plain ?? "";
    while ((levels.at(-1)?.indent ?? -1) >= indent) levels.pop();
    const parent = (levels.at(-1) ?? root).mapping;
    if (value !== "") {
      parent[key] = unquote(value);
      textIndent = indent;
      continue;
    }
    const mapping: Level["mapping"] = Object.create(null);
    parent[key] = mapping;
    levels.push({ indent, mapping });
  }
  return root.mapping;
}

function unquote(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  return /^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(["\\])/g, "$1") : value;
}

/** The mapping of a key; an empty one where there is none. */
export function mappingOf(mapping: Mapping | undefined, key: string): Mapping {
  const value = mapping?.[key];
  return typeof value === "object" ? value : {};
}

export function textOf(mapping: Mapping, key: string): string | undefined {
  const value = mapping[key];
  return typeof value === "string" ? value : undefined;
}

/** The members of a mapping that are texts. */
export function textsOf(mapping: Mapping): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(mapping).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
