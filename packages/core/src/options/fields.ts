/**
 * The shape of a value, as data: the run-time check, the JSON Schema for editors, the list of
 * secrets and the TypeScript type are derived from it.
 */
export type Field =
  | (FieldBase & { readonly type: "string"; readonly enum?: readonly string[]; readonly form?: TextForm })
  | (FieldBase & {
      readonly type: "number";
      readonly integer?: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
    })
  | (FieldBase & { readonly type: "boolean"; readonly enum?: readonly boolean[] })
  | (FieldBase & { readonly type: "function" | "any" })
  /** An object of any class, or a function, that has this method. */
  | (FieldBase & { readonly type: "instance"; readonly method: string })
  | (FieldBase & { readonly type: "array"; readonly items: Field })
  | (FieldBase & { readonly type: "record"; readonly values: Field })
  | (FieldBase & { readonly type: "object"; readonly fields: Fields; readonly open?: boolean })
  | (FieldBase & { readonly type: "union"; readonly of: readonly Field[] });

/** What a text has to look like. */
export interface TextForm {
  readonly pattern: RegExp;
  /** What the pattern accepts; follows "Expected", e.g. `an absolute path`. */
  readonly expected: string;
}

/** What a field of any type can say. */
export interface FieldBase {
  /** One sentence for editors and docs. State the default and the unit here. */
  readonly description?: string;
  /** Whether it may not be left out. Default `false`. */
  readonly required?: boolean;
  /**
   * Whether `null` is accepted. It means something other than leaving the option out. Default
   * `false`.
   */
  readonly nullable?: boolean;
  /**
   * Whether the value is a secret: never shown, and refused as a literal in a config file unless
   * `allowInlineSecrets`.
   */
  readonly secret?: boolean;
  /** Whether `true` is unsafe: refused in `mode: "production"`. */
  readonly unsafe?: boolean;
  /** Narrows the inferred type, e.g. `as: {} as () => Promise<string>`. Never read. */
  readonly as?: unknown;
}

/** The fields of an object, by key. */
export type Fields = Readonly<Record<string, Field>>;

type KeyOf<F> = F extends unknown ? keyof F : never;
/** The keys of a type, without those that `Allowed` has. */
type Others<T, Allowed extends PropertyKey> = { readonly [K in Exclude<keyof T, Allowed>]: never };
type KnownField<F> = F &
  Others<F, KeyOf<Field>> &
  (F extends { items: infer I } ? { readonly items: KnownField<I> } : unknown) &
  (F extends { values: infer V } ? { readonly values: KnownField<V> } : unknown) &
  (F extends { fields: infer Fs } ? { readonly fields: KnownFields<Fs> } : unknown);
/** Fields in which every key is known, so that a typo does not compile. */
export type KnownFields<Fs> = { readonly [N in keyof Fs]: KnownField<Fs[N]> };
/** `T`, if it has no other keys than `Shape`, so that a typo does not compile. */
export type Only<T, Shape> = T & Others<T, keyof Shape>;

/** The type of values that a field accepts. */
export type ValueOf<F> =
  | (F extends { as: infer T }
      ? T
      : F extends { enum: readonly (infer E)[] }
        ? E
        : F extends { type: "string" }
          ? string
          : F extends { type: "boolean" }
            ? boolean
            : F extends { type: "number" }
              ? number
              : F extends { type: "function" }
                ? (...args: never[]) => unknown
                : F extends { type: "array"; items: infer I }
                  ? readonly ValueOf<I>[]
                  : F extends { type: "record"; values: infer V }
                    ? Readonly<Record<string, ValueOf<V>>>
                    : F extends { type: "object"; fields: infer O }
                      ? ObjectOf<O>
                      : F extends { type: "union"; of: readonly (infer U)[] }
                        ? ValueOf<U>
                        : unknown)
  | (F extends { nullable: true } ? null : never);
type RequiredKeys<Fs> = { [K in keyof Fs]: Fs[K] extends { required: true } ? K : never }[keyof Fs];
/** The type of objects with these fields. */
export type ObjectOf<Fs> = { readonly [K in RequiredKeys<Fs>]: ValueOf<Fs[K]> } & {
  readonly [K in Exclude<keyof Fs, RequiredKeys<Fs>>]?: ValueOf<Fs[K]> | undefined;
};
