import type { IdentityPlugin } from "../contract/services.ts";
import type { CredentialSource, OptionsSchema } from "../contract/source.ts";
import { isJsonObject } from "../util/json.ts";
import type { Field, Fields, KnownFields, ObjectOf, Only } from "./fields.ts";
import { check, type Issue } from "./issues.ts";

/** What `validate` of a Standard Schema returns. */
export type ValidationResult<T> = { readonly value: T } | { readonly issues: readonly Partial<Issue>[] };

/** What options together have to be. */
export interface OptionRules<Name extends string> {
  /** Groups of which one option at most may be set. An empty text counts as not set. */
  readonly exclusive?: readonly (readonly Name[])[];
}

/** Whether a value says something; `null` does where it means something. */
const isSet = (field: Field | undefined, value: unknown) =>
  value !== undefined && value !== "" && (value !== null || field?.nullable === true);

/** The options of a group that are set, if that are more than one. */
function conflicts(fields: Fields, group: readonly string[], value: object): Issue[] {
  const set = group.filter((name) => isSet(fields[name], (value as Readonly<Record<string, unknown>>)[name]));
  if (set.length < 2) return [];
  const message = `${set.map((name) => `\`${name}\``).join(" and ")} exclude each other.`;
  return [{ code: "conflict", message, path: [] }];
}

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
export function defineOptions<const Fs extends Fields>(
  fields: Fs & KnownFields<Fs>,
  { exclusive = [] }: OptionRules<Extract<keyof NoInfer<Fs>, string>> = {},
): OptionsSchema<ObjectOf<Fs>> {
  const field = { type: "object", fields } as const;
  const validate = (value: unknown): ValidationResult<ObjectOf<Fs>> => {
    const ofFields = check(field, value ?? {});
    const issues = isJsonObject(value)
      ? [...ofFields, ...exclusive.flatMap((group) => conflicts(fields, group, value))]
      : ofFields;
    return issues.length === 0 ? { value: (value ?? {}) as ObjectOf<Fs> } : { issues };
  };
  return {
    "~standard": { version: 1, vendor: "azidentity", validate },
    fields,
    exclusive,
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
