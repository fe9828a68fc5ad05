import type { AnySource, IdentityPlugin } from "../contract/services.ts";
import type { OptionsSchema } from "../contract/source.ts";

/**
 * A plugin as a value, or the name of an npm package or a relative path that exports one by
 * default.
 */
export type PluginInput = string | IdentityPlugin;

/**
 * Stands for a text that is looked up when it is used, so that it can rotate and is never written
 * into a file: the value of an environment variable, or the content of a file without the white
 * space around it. Relative paths start at the folder of the config file, else at the working
 * directory.
 */
export type Reference = { readonly env: string } | { readonly file: string };

/** Plugins one by one, so that one with services alone does not hide the sources of the others. */
type SourcesIn<Plugin> = Plugin extends { sources?: readonly (infer S)[] } ? Extract<S, AnySource> : never;
type SourcesOf<P extends readonly PluginInput[]> = SourcesIn<Extract<P[number], IdentityPlugin>>;

/**
 * Names of the sources of these plugins. Any name where one of the plugins is given by its name, or
 * none is given, because the sources are then known at run time only.
 */
export type SourceNames<P extends readonly PluginInput[]> = [Extract<P[number], string>] extends [never]
  ? SourcesOf<P>["name"]
  : string;

type OptionsFrom<S, N> = S extends { readonly name: N; readonly options?: OptionsSchema<infer O> } ? O : never;
/** `unknown`: of a source that is not known here, or does not declare the type of its options. */
type DeclaredOptions<P extends readonly PluginInput[], N extends string> = string extends N
  ? unknown
  : [OptionsFrom<SourcesOf<P>, N>] extends [never]
    ? unknown
    : OptionsFrom<SourcesOf<P>, N>;

type AnyFunction = (...args: never[]) => unknown;
/** An object with methods is an instance of a class, and stays as it is. */
type HasMethod<T> = [Extract<T[keyof T], AnyFunction>] extends [never] ? false : true;
/** The value, or a reference in the place of any text in it. */
type Referable<T> = T extends string
  ? T | Reference
  : T extends AnyFunction
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Referable<Item>[]
      : T extends object
        ? HasMethod<T> extends true
          ? T
          : { readonly [K in keyof T]: Referable<T[K]> }
        : T;

/** Options of one source of these plugins. Each text may be a {@link Reference}. */
export type SourceOptions<P extends readonly PluginInput[], N extends string> =
  unknown extends DeclaredOptions<P, N>
    ? Readonly<Record<string, unknown>>
    : { readonly [K in keyof DeclaredOptions<P, N>]: Referable<DeclaredOptions<P, N>[K]> };

/**
 * Options of one source where it is named. Each may be left out: it may be given under `sources`,
 * or by a variable.
 */
export type EntryOptions<P extends readonly PluginInput[], N extends string> =
  unknown extends DeclaredOptions<P, N>
    ? object
    : [keyof DeclaredOptions<P, N>] extends [never]
      ? Readonly<Record<string, never>>
      : Partial<SourceOptions<P, N>>;
