import { ConfigurationError } from "../errors/errors.ts";
import { isPlain } from "../options/plain.ts";
import { isJsonObject } from "../util/json.ts";
import { decodeText, remedyForPath, textFault } from "../util/text.ts";
import type { ExpectedPrincipal, IdentityConfig } from "./define.ts";
import { isReference, maxDepth } from "./reference-forms.ts";

/** What references are resolved against. */
export interface ReferenceScope {
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Relative files are resolved against it: the config file's folder, else the working directory.
   */
  readonly folder: () => string;
}

type Holder = Readonly<Record<string, unknown>>;

/** A JSON Schema, or a field of a table, with its alternatives. */
function alternatives(schema: unknown): readonly Holder[] {
  if (!isJsonObject(schema)) return [];
  const several = [schema.of, schema.anyOf, schema.oneOf, schema.allOf].filter(Array.isArray).flat();
  return [schema, ...several.flatMap(alternatives)];
}

/** What describes a member; `undefined` when none of the schemas declares it. */
function memberSchema(schemas: readonly Holder[], key: string | number): unknown {
  for (const { fields, properties = fields, values, additionalProperties = values, items } of schemas) {
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
  if (typeof value === "string" && value.trim() !== "") {
    const fault = value.includes("-----BEGIN ") ? undefined : textFault(value, true);
    if (fault === undefined) return value;
    const message = `${path} refers to the variable ${name}, which ${fault.problem}.`;
    throw new ConfigurationError("malformed-variable", message, { path, remedy: fault.remedy });
  }
  const problem = value === undefined ? "is not set" : "is empty";
  throw missing(`${path} refers to the variable ${name}, which ${problem}.`, path, `Set ${name}.`);
}

function readReferenced(file: string, scope: ReferenceScope, path: string): string {
  const full = process.getBuiltinModule("node:path").resolve(scope.folder(), file);
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  let text: string;
  try {
    // a pipe or a device could keep the program waiting forever
    if (!statSync(full).isFile()) throw new TypeError("It is not a file.");
    text = decodeText(readFileSync(full)).trim();
  } catch (cause) {
    throw missing(
      `${path} refers to the file ${full}, which cannot be read.`,
      path,
      remedyForPath(file, "Create it, or correct the path."),
      cause,
    );
  }
  // as a variable that is empty: an id that is not there yet must not be read as "none"
  if (text !== "") return text;
  throw missing(`${path} refers to the file ${full}, which is empty.`, path, "Write the value into it.");
}

/**
 * The value with `{ env }`, `{ file }` and the variables of templates resolved. Errors name the
 * reference, never its value. Where the value's own schema declares a member `env` or `file`,
 * an object with that one member is a value, not a reference.
 *
 * @throws {ConfigurationError} `missing-reference`, `malformed-variable`, `invalid-option`
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
      remedy: "Remove the circular reference.",
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
 * Resolves the options of a source or service. The options as a whole are not a reference, whatever
 * the name of the only one is. Their schema is read only where an option may be or hold a
 * reference.
 */
export function resolveOptions(
  options: Holder,
  scope: ReferenceScope,
  path: string,
  declared: { readonly fields?: unknown; readonly jsonSchema?: unknown } | undefined,
): Holder {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (!given.some(([, value]) => isPlain(value))) return Object.fromEntries(given);
  const schemas = alternatives(declared?.fields === undefined ? declared?.jsonSchema : { fields: declared.fields });
  return Object.fromEntries(
    given.map(([key, value]) => [key, resolveReferences(value, scope, `${path}.${key}`, memberSchema(schemas, key))]),
  );
}

/**
 * A config whose own settings have their references resolved. Those in options of sources are
 * resolved for each acquisition.
 */
export type ResolvedConfig = Omit<IdentityConfig, Referable> & {
  readonly tenantId?: string | null;
  readonly authorityHost?: string;
  readonly additionallyAllowedTenants?: readonly string[];
  readonly expect?: { readonly [K in keyof ExpectedPrincipal]: string };
  readonly http?: Omit<NonNullable<IdentityConfig["http"]>, "caFile" | "proxy" | "userAgent"> & {
    readonly caFile?: string;
    readonly proxy?: string | false;
    readonly userAgent?: string;
  };
};

const referable = ["tenantId", "authorityHost", "additionallyAllowedTenants", "expect", "http"] as const;
type Referable = (typeof referable)[number];

/** Resolves the references in the settings that belong to core. */
export function resolveSettings(config: IdentityConfig, scope: ReferenceScope): ResolvedConfig {
  const own = referable.filter((key) => config[key] !== undefined);
  const resolved = own.map((key) => [key, resolveReferences(config[key], scope, key)]);
  return { ...config, ...Object.fromEntries(resolved) } as ResolvedConfig;
}

/**
 * Text of a JSON or YAML config that contains variables: `${env:NAME}`. Text from code is never a
 * template.
 */
export interface Template {
  readonly $template: string;
}

export const variable = /\$\{env:([A-Za-z_]\w*)\}/g;

/** The text with `lookUp(name)` in place of each variable. */
export function fillTemplate({ $template }: Template, lookUp: (name: string) => string): string {
  return $template.replace(variable, (_, name: string) => lookUp(name));
}
