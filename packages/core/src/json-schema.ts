/** The JSON Schemas of a config and of the options of a source, for editors and other tools. */

export { configJsonSchema } from "./config/json-schema.ts";
export { optionsJsonSchema } from "./options/json-schema.ts";
