/** The JSON Schema of a config, for editors. */

export { configJsonSchema } from "./config/json-schema.ts";
