import { jsonSchemaOf } from "./json-schema.ts";
import { check, type Fields, type Issue, type ObjectOf } from "./schema.ts";

/** Any Standard Schema (v1) validator, with what Standard Schema leaves out: the JSON Schema for editors, which options are secrets, and which are unsafe. */
export interface OptionsSchema<Options> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: Options } | undefined;
  };
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** Names of options that are never shown and, in a config file, have to be references. */
  readonly secrets?: readonly string[];
  /** Names of options that give up protection; `mode: "production"` refuses them. */
  readonly unsafe?: readonly string[];
}

/** What `validate` of a Standard Schema answers. */
export type ValidationResult<T> = { readonly value: T } | { readonly issues: readonly Partial<Issue>[] };

/**
 * Describes the options of a source or service as a table. Unknown options are refused with a "did you mean".
 *
 * @example
 * const options = defineOptions({
 *   tenantId: { type: "string", required: true, description: "Directory (tenant) id." },
 *   clientSecret: { type: "string", required: true, secret: true, description: "A secret of the application." },
 * });
 */
export function defineOptions<const Fs extends Fields>(fields: Fs): OptionsSchema<ObjectOf<Fs>> {
  const field = { type: "object", fields } as const;
  let jsonSchema: Readonly<Record<string, unknown>> | undefined;
  const validate = (value: unknown): ValidationResult<ObjectOf<Fs>> => {
    const issues = check(field, value ?? {});
    return issues.length === 0 ? { value: (value ?? {}) as ObjectOf<Fs> } : { issues };
  };
  return {
    "~standard": { version: 1, vendor: "azidentity", validate },
    get jsonSchema() {
      jsonSchema ??= jsonSchemaOf(field);
      return jsonSchema;
    },
    secrets: Object.keys(fields).filter((name) => fields[name]?.secret === true),
    unsafe: Object.keys(fields).filter((name) => fields[name]?.unsafe === true),
  };
}
