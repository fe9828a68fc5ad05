import type { IdentityPlugin } from "../contract/services.ts";
import type { CredentialSource, OptionsSchema } from "../contract/source.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { check, type Fields, type Issue, type KnownFields, type ObjectOf, type Only } from "./schema.ts";

/** What `validate` of a Standard Schema returns. */
export type ValidationResult<T> = { readonly value: T } | { readonly issues: readonly Partial<Issue>[] };

/**
 * Describes the options of a source or service as a table. Unknown options are refused with a
 * suggestion.
 *
 * @example
 * const options = defineOptions({
 *   tenantId: { type: "string", required: true, description: "Directory (tenant) id." },
 *   clientSecret: { type: "string", required: true, secret: true, description: "A secret of the application." },
 * });
 */
export function defineOptions<const Fs extends Fields>(fields: Fs & KnownFields<Fs>): OptionsSchema<ObjectOf<Fs>> {
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

/** Makes a plugin. Names and options of its sources are inferred. */
export function definePlugin<const P extends Omit<IdentityPlugin, "contract">>(
  plugin: Only<P, IdentityPlugin>,
): P & { readonly contract: 1 } {
  return { ...plugin, contract: 1 };
}

/** Makes a source. Its name and options are inferred. */
export function defineSource<const Name extends string, Options = Record<never, never>>(
  source: CredentialSource<Name, Options>,
): CredentialSource<Name, Options> {
  return source;
}
