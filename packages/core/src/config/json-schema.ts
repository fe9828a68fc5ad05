import type { IdentityPlugin } from "../contract/services.ts";
import type { Field } from "../options/fields.ts";
import { jsonSchemaOf, optionsJsonSchema } from "../options/json-schema.ts";
import { describedFields, describedSource } from "./described-fields.ts";

type Json = Readonly<Record<string, unknown>>;

const reference: Field = {
  type: "union",
  of: [
    { type: "object", fields: { env: { type: "string", required: true, description: "Name of a variable." } } },
    { type: "object", fields: { file: { type: "string", required: true, description: "Path of a file." } } },
  ],
  description: "A value that is looked up when it is used.",
};

/** A text may be a literal or a reference; a secret only a reference. */
function referable(name: string, option: Json, secrets: readonly string[]): Json {
  const refer = { $ref: "#/$defs/reference" };
  if (![option.type].flat().includes("string")) return option;
  const named = { type: "string", pattern: "\\$\\{env:[A-Za-z_]\\w*\\}" };
  return secrets.includes(name)
    ? { anyOf: [refer, named], description: option.description }
    : { anyOf: [option, refer] };
}

/** The settings of one source: what every source has, and its own options. */
function sourceSchema(source: NonNullable<IdentityPlugin["sources"]>[number]): Json {
  const schema = source.options && optionsJsonSchema(source.options);
  const options = (schema?.properties ?? {}) as Readonly<Record<string, Json>>;
  const own = Object.entries(options).map(([name, option]) => [
    name,
    referable(name, option, source.options?.secrets ?? []),
  ]);
  const shared = jsonSchemaOf(describedSource()).properties as Json;
  const known = source.options === undefined || schema !== undefined;
  return {
    type: "object",
    properties: { ...shared, ...Object.fromEntries(own) },
    ...(schema?.allOf === undefined ? {} : { allOf: schema.allOf }),
    ...(known ? { additionalProperties: false } : {}), // a validator without a JSON Schema
  };
}

/**
 * The JSON Schema (2020-12) of a config, for editors. With `plugins` it includes their sources and
 * options.
 *
 * @example
 * writeFileSync("azidentity.schema.json", JSON.stringify(configJsonSchema([entra]))); // "$schema": "./azidentity.schema.json"
 */
export function configJsonSchema(plugins: readonly IdentityPlugin[] = []): Json {
  const base = jsonSchemaOf({ type: "object", fields: describedFields() });
  const sources = plugins.flatMap((plugin) => plugin.sources ?? []);
  const known = {
    type: "object",
    properties: Object.fromEntries(sources.map((source) => [source.name, sourceSchema(source)])),
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "azidentity config",
    ...base,
    properties: { ...(base.properties as Json), ...(sources.length === 0 ? {} : { sources: known }) },
    $defs: { reference: jsonSchemaOf(reference) },
  };
}
