/** The pages of all entry points, which link to each other. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docBefore, keyOf, membersOf } from "../../tools/doc-comments.ts";
import { type Found, finder } from "../../tools/entry-point-api.ts";
import { type EntryPoint, publicEntryPoints } from "../../tools/public-packages.ts";
import { type ApiEntry, type ApiPage, apiPage } from "./api-page.ts";
import { pagePath } from "./page-paths.ts";

type Find = ReturnType<typeof finder>;
const idOf = ({ path, name }: Found) => `${path} ${name}`;

/** File in `api/` → Markdown. Reads what `pnpm build` has built. */
export function apiPages(root: string): ReadonlyMap<string, string> {
  const points = publicEntryPoints(root);
  const unbuilt = points.find(({ declarations }) => !existsSync(join(root, declarations)));
  if (unbuilt) throw new Error(`There is no ${unbuilt.declarations}. Run: pnpm build`);
  const find = finder((path) => readFileSync(join(root, path), "utf8"));
  const codes = errorCodes(root);
  const exports = new Map(points.map((point) => [point.title, exportsOf(point, find)]));
  const all = [...exports.values()].flat();
  const elsewhere = addressesOf(points, exports);

  return new Map(
    points.map((point) => {
      const exported = exports.get(point.title) ?? [];
      const mentioned = mentionedBy(exported, elsewhere, find);
      const anchors = withAnchors([...exported, ...mentioned]);
      const page: ApiPage = {
        title: point.title,
        purpose: purposeOf(find.file(point.declarations).source) ?? listOf(point.title, exported),
        more: moreAbout(point, root),
        exported,
        mentioned: onePerAnchor(mentioned, anchors),
        anchorOf: (found) => anchors.get(idOf(found)) ?? found.name,
        codes,
        address: (path, dotted) => {
          const [name = "", member] = dotted.split(".");
          const found = resolve(path, name, find, exports) ?? named(name, exported) ?? named(name, all);
          const anchor = found && anchors.get(idOf(found));
          const address = anchor === undefined ? found && elsewhere.get(idOf(found)) : `#${anchor}`;
          return address && found && hasMember(found, member, find) ? `${address}.${member}` : address;
        },
      };
      return [`api/${point.file}`, apiPage(page, find)];
    }),
  );
}

function errorCodes(root: string): ReadonlySet<string> {
  const page = readFileSync(join(root, "docs/errors.md"), "utf8");
  return new Set([...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code = ""]) => code));
}

/** One entry for each declaration, however many names it is exported by. */
function exportsOf({ declarations }: EntryPoint, find: Find): ApiEntry[] {
  const entries = new Map<string, { readonly found: Found; readonly names: string[] }>();
  for (const [name, reference] of find.file(declarations).exports) {
    const found = find(declarations, reference);
    const entry = entries.get(idOf(found)) ?? { found, names: [] };
    entries.set(idOf(found), entry);
    entry.names.push(name);
  }
  return [...entries.values()].map(({ found, names }) => {
    const name = names.find((each) => each !== "default") ?? "default";
    return { name, aliases: names.filter((each) => each !== name), found };
  });
}

/** Where each export is described: on the page of the first entry point that has it. */
function addressesOf(
  points: readonly EntryPoint[],
  exports: ReadonlyMap<string, readonly ApiEntry[]>,
): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const { title, file } of points)
    for (const { name, found } of exports.get(title) ?? [])
      if (!addresses.has(idOf(found))) addresses.set(idOf(found), `/${pagePath(`api/${file}`)}.md#${name}`);
  return addresses;
}

/** What a name in a file means, also where another package of ours declares it. */
function resolve(
  path: string,
  name: string,
  find: Find,
  exports: ReadonlyMap<string, readonly ApiEntry[]>,
): Found | undefined {
  const found = find(path, { name });
  if (found.declared) return found;
  return exports.get(found.path)?.find(({ name: as, aliases }) => [as, ...aliases].includes(found.name))?.found;
}

/** Whether the page of a type has an anchor for the member: not for one that it inherits. */
function hasMember({ path, declared }: Found, member: string | undefined, find: Find): boolean {
  const file = find.file(path);
  const members = member === undefined ? [] : (declared?.nodes ?? []).flatMap(membersOf);
  return members.some((each) => keyOf(each, file.source) === member && docBefore(each, file) !== undefined);
}

/** A type that a comment mentions and its file does not import; other names could be words. */
function named(name: string, entries: readonly ApiEntry[]): Found | undefined {
  return /^[A-Z]/.test(name) ? entries.find((entry) => entry.name === name)?.found : undefined;
}

/** The types that signatures lead to and no entry point exports. */
function mentionedBy(exported: readonly ApiEntry[], elsewhere: ReadonlyMap<string, string>, find: Find): ApiEntry[] {
  const mentioned = new Map<string, Found>();
  const queue = exported.map(({ found }) => found);
  for (let found = queue.shift(); found; found = queue.shift())
    for (const reference of found.declared?.mentions ?? []) {
      const next = find(found.path, reference);
      if (!next.declared || elsewhere.has(idOf(next)) || mentioned.has(idOf(next))) continue;
      mentioned.set(idOf(next), { ...next, erased: false });
      queue.push(next);
    }
  return [...mentioned.values()].map((found) => ({ name: found.name, aliases: [], found }));
}

/** Entries of different files with one name: equal ones become one, others get a number. */
function withAnchors(entries: readonly ApiEntry[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>();
  return new Map(
    entries.map(({ name, found }) => {
      const known = texts.get(name) ?? [];
      const text = found.declared?.texts.join("\n") ?? found.path;
      texts.set(name, known);
      if (!known.includes(text)) known.push(text);
      const number = known.indexOf(text) + 1;
      return [idOf(found), number === 1 ? name : `${name}-${number}`];
    }),
  );
}

function onePerAnchor(entries: readonly ApiEntry[], anchors: ReadonlyMap<string, string>): ApiEntry[] {
  return [...new Map(entries.map((entry) => [anchors.get(idOf(entry.found)), entry])).values()];
}

/** The comment at the beginning of an entry point, unless it is that of its first declaration. */
function purposeOf(source: string): string | undefined {
  const [, comment] = /^\/\*\*(.*?)\*\/\s*(?:import\b|export (?:type )?\{)/s.exec(source) ?? [];
  return comment
    ?.replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

function listOf(title: string, exported: readonly ApiEntry[]): string {
  const names = exported.map(({ name }) => `\`${name}\``).sort();
  return `What programs import from \`${title}\`: ${names.join(", ")}.`;
}

function moreAbout({ file }: EntryPoint, root: string): string {
  const [name = ""] = file.split(".");
  const about = existsSync(join(root, "packages", name, "README.md")) ? `[The package](/packages/${name}.md) · ` : "";
  return `${about}[Codes of errors](/errors.md) · [Configuration](/configuration.md) · [All entry points](/api/index.md)`;
}
