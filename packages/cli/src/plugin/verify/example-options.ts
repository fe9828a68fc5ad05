import { optionsJsonSchema } from "@azidentity/core/json-schema";
import type { OptionsSchema } from "@azidentity/core/plugin";

type Schema = Readonly<Record<string, unknown>>;

/**
 * Texts that the options of sources often have to look like; the first that is accepted is taken.
 */
const texts = [
  "example",
  "https://example.test",
  "00000000-0000-4000-8000-000000000001",
  "/example",
  "example@example.test",
];
/** Easy to find where it must not be. */
const secret = "easy-to-find-secret";

/** Values to try for a field, by its JSON Schema. */
function candidates({ type, enum: values, minimum }: Schema, isSecret: boolean): readonly unknown[] {
  if (Array.isArray(values)) return values;
  const types = [type].flat();
  if (types.includes("string")) return isSecret ? [secret, ...texts] : texts;
  if (types.includes("number") || types.includes("integer")) return [minimum ?? 1, 1_000, 60_000];
  if (types.includes("boolean")) return [true, false];
  if (types.includes("array")) return [["example"], []];
  return types.includes("object") ? [{}] : [];
}

/** The options about which a validator complains, by name. */
function refusedBy(schema: OptionsSchema<unknown>, options: object): readonly string[] {
  const { issues = [] } = Object(schema["~standard"].validate(options)) as {
    readonly issues?: readonly { readonly path?: readonly unknown[] }[];
  };
  return issues.map(({ path = [] }) => {
    const [first] = path;
    const key = typeof first === "object" && first !== null ? (first as { readonly key?: unknown }).key : first;
    return String(key ?? "");
  });
}

/** Options with which a source can be tried. */
export interface ExampleOptions {
  readonly options: Readonly<Record<string, unknown>>;
  /** Required options for which no value was accepted; empty: the options are valid. */
  readonly unknown: readonly string[];
}

/**
 * Makes options that a source accepts: a value for each that is required.
 *
 * @param given values of the author; they take precedence
 */
export function exampleOptions(
  schema: OptionsSchema<unknown> | undefined,
  given: Readonly<Record<string, unknown>> = {},
): ExampleOptions {
  if (schema === undefined) return { options: given, unknown: [] };
  const { required = [], properties = {} } = (optionsJsonSchema(schema) ?? {}) as {
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
  };
  let options = given;
  for (const name of required.filter((one) => !Object.hasOwn(given, one))) {
    const values = candidates(properties[name] ?? {}, schema.secrets?.includes(name) === true);
    const isAccepted = (value: unknown) => !refusedBy(schema, { ...options, [name]: value }).includes(name);
    const value = values.find(isAccepted);
    if (value !== undefined) options = { ...options, [name]: value };
  }
  return { options, unknown: [...new Set(refusedBy(schema, options))] };
}
