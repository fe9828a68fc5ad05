/** The page of an entry point: its exports with their doc comments, from the built declarations. */
import type { Node } from "oxc-parser";
import { docBefore, isCalled, keyOf, membersOf } from "../../tools/doc-comments.ts";
import type { Found, finder } from "../../tools/entry-point-api.ts";
import type { DeclarationFile } from "../../tools/read-declarations.ts";
import { type DocComment, type DocLinks, linkedText, parseDocComment } from "./doc-comment.ts";

/** An export, or a type that the signature of one mentions. */
export interface ApiEntry {
  /** What programs import it as. */
  readonly name: string;
  /** Other names of the same export, such as `default`. */
  readonly aliases: readonly string[];
  readonly found: Found;
}

export interface ApiPage {
  /** What programs import: `@azidentity/core/plugin`. */
  readonly title: string;
  /** What the entry point is for. */
  readonly purpose: string;
  /** Links to what explains more than signatures can. */
  readonly more: string;
  readonly exported: readonly ApiEntry[];
  readonly mentioned: readonly ApiEntry[];
  /** The address of what a name means in a file, or of a member of it, such as `Identity.close`. */
  readonly address: (path: string, dotted: string) => string | undefined;
  readonly anchorOf: (found: Found) => string;
  readonly codes: ReadonlySet<string>;
}

const kindNames = [
  ["function", "Functions"],
  ["class", "Classes"],
  ["const", "Values"],
  ["interface", "Types"],
] as const;

const isLong = (signature: string) => signature.split("\n").length > 60;

export function apiPage(page: ApiPage, find: ReturnType<typeof finder>): string {
  const section = (level: string) => (entry: ApiEntry) => apiSection(entry, level, page, find);
  const groups = kindNames.map(([kind, title]) => ({
    title,
    entries: page.exported.filter(({ found }) => groupOf(found) === kind).sort(byName),
  }));
  const mentioned = [...page.mentioned].sort(byName);
  return [
    `# ${page.title}`,
    page.purpose,
    page.more,
    ...groups.map(({ title, entries }) => apiIndex(title, entries, page, find)),
    ...groups.flatMap(({ entries }) => entries.map(section("##"))),
    ...(mentioned.length === 0
      ? []
      : ["## Types without a name to import", "Signatures above mention them; programs cannot import them."]),
    ...mentioned.map(section("###")),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const byName = (a: ApiEntry, b: ApiEntry) => a.name.localeCompare(b.name, "en");

const groupOf = ({ declared }: Found) =>
  kindNames.find(([kind]) => declared?.kinds.includes(kind))?.[0] ?? ("interface" as const);

/** A table of exports with the first sentence about each. */
function apiIndex(title: string, entries: readonly ApiEntry[], page: ApiPage, find: ReturnType<typeof finder>): string {
  const rows = entries.map(({ name, aliases, found }) => {
    const text = oneLine(docOf(found, find)?.text ?? "");
    const [first = text] = /^.*?(?<!\be\.g|\bi\.e)\.(?=\s)/.exec(text) ?? [];
    const names = [name, ...aliases].map((each) => `[\`${each}\`](#${name})`).join(", ");
    const cell = linkedText(first.replace(/:$/, "."), linksIn(found.path, page)).replaceAll("|", "\\|");
    return `| ${names} | ${cell} |`;
  });
  return rows.length === 0 ? "" : `| ${title} | |\n| --- | --- |\n${rows.join("\n")}`;
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();

/** Links in the comment of `own`, which does not link to itself. */
const linksIn = (path: string, { address, codes }: ApiPage, own = ""): DocLinks => ({
  name: (name) => (name === own ? undefined : address(path, name)),
  codes,
});

/** The comment of a declaration; of overloads, that of the first one that has one. */
function docOf({ path, declared }: Found, find: ReturnType<typeof finder>): DocComment | undefined {
  const [comment] = (declared?.nodes ?? []).flatMap((node) => docBefore(node, find.file(path)) ?? []);
  return comment === undefined ? undefined : parseDocComment(comment);
}

function apiSection(
  { name, aliases, found }: ApiEntry,
  level: string,
  page: ApiPage,
  find: ReturnType<typeof finder>,
): string {
  const { declared, path, erased } = found;
  const isTypeOnly = erased && declared?.kinds.some((kind) => kind !== "interface" && kind !== "type");
  const anchor = page.anchorOf(found);
  const heading = `${level} ${name} {#${anchor}}`;
  if (declared === undefined) return `${heading}\n\n\`${found.name}\` of \`${path}\`.`;
  const links = linksIn(path, page, name);
  const doc = docOf(found, find);
  const signature = `\`\`\`ts\n${declared.texts.join("\n")}\n\`\`\``;
  const text = declared.texts.join("\n");
  return [
    heading,
    ...(doc === undefined ? [] : docMarkdown(doc, links)),
    aliases.length === 0 ? "" : `Also exported as ${aliases.map((each) => `\`${each}\``).join(", ")}.`,
    isTypeOnly ? "Exported as a type only." : "",
    ...(isLong(text) ? sourcesOf(text) : []),
    isLong(text) ? `<details>\n<summary>The whole type</summary>\n\n${signature}\n\n</details>` : signature,
    membersMarkdown(anchor, declared.nodes, find.file(path), links),
    usedTypes(found, page),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The sources of a plugin, whose type repeats what the page of the configuration has as tables. */
function sourcesOf(signature: string): string[] {
  const names = [...signature.matchAll(/CredentialSource<"([a-z-]+)"/g)].map(([, name]) => name);
  const list = names.map((name) => `[\`${name}\`](/configuration.md#${name})`).join(", ");
  return names.length === 0 ? [] : [`Its sources, with their options: ${list}.`];
}

/** Links to the types of a signature, which code blocks cannot have. */
function usedTypes({ path, declared, name }: Found, page: ApiPage): string {
  const names = [...new Set(declared?.mentions.filter(({ from }) => from === undefined).map((each) => each.name))];
  const links = names.flatMap((each) => {
    const target = each === name ? undefined : page.address(path, each);
    return target === undefined ? [] : [`[\`${each}\`](${target})`];
  });
  return links.length === 0 ? "" : `Types: ${links.join(", ")}`;
}

function docMarkdown(doc: DocComment, links: DocLinks): string[] {
  const { text, parameters, returns, throws, examples, deprecated } = doc;
  return [
    ...(deprecated === undefined ? [] : [`**Deprecated.** ${linkedText(deprecated, links)}`]),
    linkedText(text, links),
    parameters.map(([name, meaning]) => `- \`${name}\`: ${linkedText(oneLine(meaning), links)}`).join("\n"),
    returns === undefined ? "" : `Returns ${linkedText(oneLine(returns), links)}`,
    throws.map((each) => `- Throws ${thrown(each, links)}`).join("\n"),
    ...examples.map((example) => `\`\`\`ts\n${example}\n\`\`\``),
  ].filter((part) => part !== "");
}

function thrown(text: string, links: DocLinks): string {
  const [, type, rest = ""] = /^\{([^}]+)\}\s*(.*)$/s.exec(text) ?? [undefined, undefined, text];
  const meaning = linkedText(oneLine(rest), links, true);
  if (type === undefined) return meaning;
  return `${linkedText(`\`${type}\``, links)}${meaning === "" ? "" : `: ${meaning}`}`;
}

/** A list of the members that have a comment, with those of object types inside them. */
function membersMarkdown(owner: string, nodes: readonly Node[], file: DeclarationFile, links: DocLinks): string {
  const items = nodes.flatMap(membersOf).flatMap((member): string[] => {
    const key = keyOf(member, file.source);
    const comment = docBefore(member, file);
    if (key === undefined || comment === undefined) return [];
    const name = `${owner}.${key}`;
    const type = "typeAnnotation" in member ? member.typeAnnotation : undefined;
    const inner = type?.type === "TSTypeAnnotation" ? [type.typeAnnotation] : [];
    const label = `${key}${isCalled(member) && key !== "()" ? "()" : ""}`;
    const anchor = /^[\w.-]+$/.test(name) ? `<a id="${name}"></a>` : "";
    const blocks = [...docMarkdown(parseDocComment(comment), links), membersMarkdown(name, inner, file, links)];
    const [first = "", ...rest] = blocks.filter((block) => block !== "");
    const text = [`${anchor}\`${label}\`: ${first}`, ...rest].join("\n\n");
    return [`- ${text.replace(/\n(?=.)/g, "\n  ")}`];
  });
  return items.join("\n");
}
