import { ConfigurationError } from "../errors/errors.ts";
import type { TextPosition } from "./text-position.ts";

/** Names the config file in an error about one of its settings. */
export type NameFile = (error: ConfigurationError) => ConfigurationError;

/** Runs `work`; a ConfigurationError about a setting in the config file names the file. */
export function withConfigFile<T>({ nameFile }: { readonly nameFile: NameFile | undefined }, work: () => T): T {
  const withFile = (error: unknown): unknown =>
    error instanceof ConfigurationError && nameFile !== undefined ? nameFile(error) : error;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => Promise.reject(withFile(error))) as T;
  } catch (error) {
    throw withFile(error);
  }
}

/** A file with the place in it, as editors and terminals follow it. */
export function fileAt(file: string, place: TextPosition | undefined): string {
  return place === undefined ? file : `${file}:${place.line}:${place.column}`;
}
