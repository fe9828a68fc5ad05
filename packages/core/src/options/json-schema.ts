import type { Field } from "./schema.ts";

const orNull = (field: Field, list: readonly unknown[], none: unknown = null) =>
  field.nullable === true ? [...list, none] : list;

/** Whether values of the field can be written in JSON. */
const isJson = (field: Field) => field.type !== "function" && field.type !== "instance";

/** The JSON Schema (2020-12) of a field. */
export function jsonSchemaOf(field: Field): Readonly<Record<string, unknown>> {
  const description = field.description === undefined ? {} : { description: field.description };
  const type = (name: string) => (field.nullable === true ? [name, "null"] : name);
  switch (field.type) {
    case "string":
      return {
        ...description,
        type: type("string"),
        ...(field.enum === undefined ? {} : { enum: orNull(field, field.enum) }),
      };
    case "boolean":
      return {
        ...description,
        type: type("boolean"),
        ...(field.enum === undefined ? {} : { enum: orNull(field, field.enum) }),
      };
    case "number": {
      const { minimum, maximum } = field;
      return {
        ...description,
        type: type("number"),
        ...(minimum === undefined ? {} : { minimum }),
        ...(maximum === undefined ? {} : { maximum }),
      };
    }
    case "array":
      return { ...description, type: type("array"), items: jsonSchemaOf(field.items) };
    case "record":
      return { ...description, type: type("object"), additionalProperties: jsonSchemaOf(field.values) };
    case "object": {
      const entries = Object.entries(field.fields);
      const required = entries.filter(([, one]) => one.required === true).map(([key]) => key);
      return {
        ...description,
        type: type("object"),
        properties: Object.fromEntries(entries.map(([key, one]) => [key, jsonSchemaOf(one)])),
        ...(required.length === 0 ? {} : { required }),
        ...(field.open === true ? {} : { additionalProperties: false }),
      };
    }
    case "union":
      return { ...description, anyOf: orNull(field, field.of.filter(isJson).map(jsonSchemaOf), { type: "null" }) };
    default:
      return description; // JSON has no functions and classes; only a config in code can have one
  }
}
