/**
 * Any Standard Schema (v1) validator, with what Standard Schema leaves out: the JSON Schema for
 * editors, which options are secrets, and which are unsafe.
 */
export interface OptionsSchema<Options> {
  /** The validator, synchronous. Source: https://standardschema.dev */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: Options } | undefined;
  };
  /** JSON Schema of the options, for editors. Default: any object. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
  /** Names of options that are never shown and, in a config file, have to be references. */
  readonly secrets?: readonly string[];
  /** Names of options that give up protection; `mode: "production"` refuses them. */
  readonly unsafe?: readonly string[];
}
