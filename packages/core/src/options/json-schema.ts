import type { OptionsSchema } from "../contract/source.ts";
import type { Field, Fields } from "./fields.ts";

type Schema = Readonly<Record<string, unknown>>;

const orNull = (field: Field, list: readonly unknown[], none: unknown = null) =>
  field.nullable === true ? [...list, none] : list;

/** Whether values of the field can be written in JSON. */
const isJson = (field: Field) => field.type !== "function" && field.type !== "instance";

function objectSchema({ fields, open }: Extract<Field, { readonly type: "object" }>): Schema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, one]) => one.required === true).map(([key]) => key);
  return {
    properties: Object.fromEntries(entries.map(([key, one]) => [key, jsonSchemaOf(one)])),
    ...(required.length === 0 ? {} : { required }),
    ...(open === true ? {} : { additionalProperties: false }),
  };
}

/** What a schema says besides its type and its description. */
function constraintsOf(field: Field): Schema {
  switch (field.type) {
    case "string":
      return {
        ...(field.enum === undefined ? {} : { enum: orNull(field, field.enum) }),
        ...(field.form === undefined ? {} : { pattern: field.form.pattern.source }),
      };
    case "boolean":
      return field.enum === undefined ? {} : { enum: orNull(field, field.enum) };
    case "number": {
      const { minimum, maximum } = field;
      return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
    }
    case "array":
      return { items: jsonSchemaOf(field.items) };
    case "record":
      return { additionalProperties: jsonSchemaOf(field.values) };
    case "object":
      return objectSchema(field);
    case "union":
      return { anyOf: orNull(field, field.of.filter(isJson).map(jsonSchemaOf), { type: "null" }) };
    default:
      return {}; // JSON has no functions and classes; only a config in code can have one
  }
}

/** The types that JSON Schema has a name for. */
function typeOf(field: Field): Schema {
  if (field.type === "union" || field.type === "any" || !isJson(field)) return {};
  const isInteger = field.type === "number" && field.integer === true;
  const name = field.type === "record" ? "object" : isInteger ? "integer" : field.type;
  return { type: field.nullable === true ? [name, "null"] : name };
}

/** The JSON Schema (2020-12) of a field. */
export function jsonSchemaOf(field: Field): Schema {
  const description = field.description === undefined ? {} : { description: field.description };
  return { ...description, ...typeOf(field), ...constraintsOf(field) };
}

/** No two options of a group. */
const pairs = (group: readonly string[]) =>
  group.flatMap((first, index) => group.slice(index + 1).map((second) => ({ not: { required: [first, second] } })));

/**
 * The JSON Schema of options: that of their table, or the one that a validator brings; `undefined`:
 * neither.
 */
export function optionsJsonSchema({ fields, exclusive = [], jsonSchema }: OptionsSchema<unknown>): Schema | undefined {
  if (fields === undefined) return jsonSchema;
  const excluded = exclusive.flatMap(pairs);
  const ofFields = jsonSchemaOf({ type: "object", fields: fields as Fields });
  return excluded.length === 0 ? ofFields : { ...ofFields, allOf: excluded };
}
