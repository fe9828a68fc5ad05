/**
 * Writes the tables of docs/configuration.md: the fields of a config, and the options of each
 * source and store of the public packages. Reads what `pnpm build` has built. The text between the
 * tables is written by hand.
 *
 *     node tools/configuration-page.ts            writes
 *     node tools/configuration-page.ts --check    fails when the page is out of date
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describedFields, describedSource } from "../packages/core/src/config/described-fields.ts";
import type { AnyProvider, AnySource, IdentityPlugin } from "../packages/core/src/contract/services.ts";
import { jsonSchemaOf, optionsJsonSchema } from "../packages/core/src/options/json-schema.ts";
import { fillPage } from "./fill-page.ts";
import { markdownTable } from "./markdown-table.ts";
import { publicPackages } from "./public-packages.ts";

const page = "docs/configuration.md";

type Json = Readonly<Record<string, unknown>>;

/** One row of a table: an option or a field. */
interface Row {
  readonly name: string;
  readonly schema: Json;
  readonly flags: readonly string[];
  readonly required: boolean;
}

/** The type of a value in words; what JSON cannot express can only be passed in code. */
export function typeOf(schema: Json): string {
  const nullable = [schema.type].flat().includes("null");
  const type = typeWithoutNull(schema);
  return nullable ? `${type} or null` : type;
}

function typeWithoutNull({ type, enum: values, items, anyOf, additionalProperties }: Json): string {
  if (Array.isArray(values))
    return values
      .filter((one) => one !== null)
      .map((one) => `\`${one}\``)
      .join(", ");
  if (Array.isArray(anyOf)) return typeOfUnion(anyOf);
  const name = [type].flat().find((one) => one !== "null");
  if (name === "array") return `list of ${typeOf(Object(items))}`;
  if (name === "object" && typeof additionalProperties === "object") return "object by name";
  return name === undefined ? "in code only" : String(name);
}

function typeOfUnion(members: readonly Json[]): string {
  const isReference = ({ properties }: Json) => ["env", "file"].some((key) => Object.hasOwn(Object(properties), key));
  const nameOf = (one: Json) => (one.type === "null" ? "null" : isReference(one) ? "reference" : typeOf(one));
  const types = new Set(members.map(nameOf));
  return [...types].join(" or ");
}

/** The default of an option as its description states it, and the rest of the description. */
export function splitDefault(description: string): { readonly text: string; readonly initial: string } {
  const match = /(?:^|\s)Default:? (.+?)\.(?=\s|$)/.exec(description);
  if (match === null) return { text: description, initial: "" };
  const [stated = "", ...more] = (match[1] ?? "").split("; ");
  const rest = more.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}.`);
  const text = [description.slice(0, match.index), ...rest, description.slice(match.index + match[0].length)];
  return {
    text: text
      .map((part) => part.trim())
      .filter(Boolean)
      .join(" "),
    initial: stated,
  };
}

function tableOf(head: string, rows: readonly Row[]): string {
  const cells = rows.map(({ name, schema, flags, required }) => {
    const { text, initial } = splitDefault(String(schema.description ?? ""));
    return [`\`${name}\``, typeOf(schema), required ? "**required**" : initial, [...flags, text].join(" ")];
  });
  const escaped = cells.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  return markdownTable([[head, "type", "default", "meaning"], ...escaped]);
}

/** The rows of an object's fields; those of nested objects with dotted names. */
function fieldRows(schema: Json, prefix = ""): Row[] {
  const properties = Object.entries(Object(schema.properties) as Readonly<Record<string, Json>>);
  return properties.flatMap(([key, one]) => {
    const name = `${prefix}${key}`;
    const inner = one.type === "object" && one.properties !== undefined ? fieldRows(one, `${name}.`) : [];
    const own =
      inner.length > 0 && one.description === undefined ? [] : [{ name, schema: one, flags: [], required: false }];
    return [...own, ...inner];
  });
}

function optionRows({ options }: AnySource | AnyProvider): Row[] {
  const ofOptions = options && optionsJsonSchema(options);
  const properties = Object.entries(Object(ofOptions?.properties) as Readonly<Record<string, Json>>);
  const required = (ofOptions?.required ?? []) as readonly string[];
  return properties.map(([name, schema]) => {
    const secret = options?.secrets?.includes(name) === true ? ["**Secret.**"] : [];
    const unsafe = options?.unsafe?.includes(name) === true ? ["**Unsafe.**"] : [];
    return { name, schema, flags: [...secret, ...unsafe], required: required.includes(name) };
  });
}

/** Milliseconds of one acquisition when no option says otherwise. */
function deadlineOf({ deadlineMs = 30_000 }: AnySource): number {
  return typeof deadlineMs === "number" ? deadlineMs : (deadlineMs({} as never) ?? 30_000);
}

function describeSource(source: AnySource): string {
  const place = source.priority === undefined ? "only when named or enabled" : `priority ${source.priority}`;
  const facts = `Kind ${source.kind}; ${place}; deadline ${deadlineOf(source) / 1000} s.`;
  const rows = optionRows(source);
  const table = rows.length === 0 ? "It has no options." : tableOf("option", rows);
  return `#### \`${source.name}\`\n\n${facts}\n\n${table}`;
}

function describeStore(store: AnyProvider): string {
  return `#### \`cache.store: "${store.name}"\`\n\n${tableOf("option", optionRows(store))}`;
}

function describePlugin(name: string, { sources = [], services = [] }: IdentityPlugin): string {
  const stores = services.filter((one) => optionRows(one).length > 0);
  return [`### \`${name}\``, ...sources.map(describeSource), ...stores.map(describeStore)].join("\n\n");
}

async function loadPlugins(): Promise<{ readonly name: string; readonly plugin: IdentityPlugin }[]> {
  const packages = publicPackages().filter(({ folder }) => folder.startsWith("packages/plugin-"));
  return await Promise.all(
    packages.map(async ({ folder, name, entryPoints }) => {
      const module = await import(resolve(join(folder, entryPoints["."] as string)));
      return { name, plugin: module.default as IdentityPlugin };
    }),
  );
}

/** The generated parts by name. */
async function generatedParts(): Promise<ReadonlyMap<string, string>> {
  const config = fieldRows(jsonSchemaOf({ type: "object", fields: describedFields() }));
  const shared = fieldRows(jsonSchemaOf(describedSource()));
  const plugins = (await loadPlugins()).map(({ name, plugin }) => describePlugin(name, plugin));
  return new Map([
    ["fields", tableOf("field", config)],
    ["settings of a source", tableOf("setting", shared)],
    ["options", plugins.join("\n\n")],
  ]);
}

if (import.meta.main) {
  const text = readFileSync(page, "utf8");
  const fresh = fillPage(page, text, await generatedParts());
  if (!process.argv.includes("--check")) writeFileSync(page, fresh);
  else if (fresh !== text) {
    console.error(`${page} is out of date: a field or an option has changed. Run: node tools/configuration-page.ts`);
    process.exitCode = 1;
  }
}
