import { ConfigurationError } from "../errors/errors.ts";
import { isPlain } from "../options/plain.ts";
import { isJsonObject } from "../util/json.ts";
import { fillTemplate, type Template } from "./templates.ts";

/** Where references are looked up. */
export interface ReferenceScope {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative files are taken from here: the config file's folder, else the working directory. */
  readonly folder: string;
}

type Holder = Readonly<Record<string, unknown>>;

function isReference<K extends "env" | "file" | "$template">(value: unknown, key: K): value is Record<K, string> {
  return isPlain(value) && Object.keys(value).length === 1 && typeof (value as Holder)[key] === "string";
}

/** JSON Schemas of the values that may stand in the place of one that may be several things. */
function alternatives(schema: unknown): readonly Holder[] {
  if (!isJsonObject(schema)) return [];
  const several = [schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat();
  return [schema, ...several.flatMap(alternatives)];
}

/** What one of these JSON Schemas says of a member; `undefined` when none declares it. */
function memberSchema(schemas: readonly Holder[], key: string | number): unknown {
  for (const { properties, additionalProperties, items } of schemas) {
    if (typeof key === "number" && items !== undefined) return items;
    if (isJsonObject(properties) && Object.hasOwn(properties, key)) return properties[key];
    if (isJsonObject(additionalProperties)) return additionalProperties;
  }
  return undefined;
}

function missing(message: string, path: string, remedy: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError("missing-reference", message, { path, remedy, cause });
}

function readVariable(name: string, scope: ReferenceScope, path: string): string {
  const value = Object.hasOwn(scope.env, name) ? scope.env[name] : undefined;
  if (typeof value === "string" && value !== "") return value;
  throw missing(`${path} refers to the variable ${name}, which is not set.`, path, `Set ${name}.`);
}

function readReferenced(file: string, scope: ReferenceScope, path: string): string {
  const full = process.getBuiltinModule("node:path").resolve(scope.folder, file);
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  let text: string;
  try {
    // a pipe or a device could keep the program waiting for ever
    if (!statSync(full).isFile()) throw new TypeError("It is not a file.");
    text = readFileSync(full, "utf8")
      .replace(/^\uFEFF/, "")
      .trim();
  } catch (cause) {
    throw missing(
      `${path} refers to the file ${full}, which cannot be read.`,
      path,
      "Create it, or correct the path.",
      cause,
    );
  }
  // as a variable that is empty: an id that is not there yet must not be read as "none"
  if (text !== "") return text;
  throw missing(`${path} refers to the file ${full}, which is empty.`, path, "Write the value into it.");
}

/** References stand a few levels deep; what contains itself would never end. */
const maxDepth = 32;

/**
 * The value with `{ env }`, `{ file }` and the variables of templates looked up. Errors name the
 * reference, never its value. Where the value's own JSON Schema declares a member `env` or `file`,
 * an object of that one member is a value and no reference.
 */
export function resolveReferences(
  value: unknown,
  scope: ReferenceScope,
  path: string,
  schema?: unknown,
  depth = 0,
): unknown {
  if (depth > maxDepth) {
    throw new ConfigurationError("invalid-option", `${path.slice(0, 256)} is nested more than ${maxDepth} deep.`, {
      path,
      remedy: "Take out what contains itself.",
    });
  }
  if (!isPlain(value)) return value;
  const schemas = alternatives(schema);
  const refers = (key: "env" | "file") => memberSchema(schemas, key) === undefined;
  if (isReference(value, "env") && refers("env")) return readVariable(value.env, scope, path);
  if (isReference(value, "file") && refers("file")) return readReferenced(value.file, scope, path);
  if (isReference(value, "$template")) {
    return fillTemplate(value satisfies Template, (name) => readVariable(name, scope, path));
  }
  const inner = (item: unknown, key: string | number) =>
    resolveReferences(item, scope, `${path}.${key}`, memberSchema(schemas, key), depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item, key)]));
}

/**
 * The options of a source or service likewise. As a whole they are no reference, whatever the only
 * one of them is called.
 */
export function resolveOptions(options: Holder, scope: ReferenceScope, path: string, schema: unknown): Holder {
  const schemas = alternatives(schema);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, resolveReferences(value, scope, `${path}.${key}`, memberSchema(schemas, key))]),
  );
}

/** Names of options that hold text of their own where only a reference belongs. */
export function inlineSecrets(options: Holder, secrets: readonly string[]): string[] {
  return secrets.filter((name) => [options[name]].flat().some((value) => typeof value === "string"));
}
