import { withinTime } from "../async/time-limit.ts";
import type { Clock } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";

/**
 * Imports a module by its absolute path and reads it with `read`; rejects when the two do not
 * finish in time. A module that is loaded may still export a promise that never settles.
 */
export type ImportModule = <T>(file: string, read: (module: unknown) => T | Promise<T>) => Promise<T>;

/** How long a config or a plugin may take to load. */
const loadTimeoutMs = 30_000;

interface Limits {
  /** Ends the wait early, with its reason. */
  readonly signal: AbortSignal;
  /** The file to name in the error. */
  readonly file?: string;
}

/**
 * Waits for `work` up to the time limit: a top-level await that never settles would keep every
 * caller waiting.
 *
 * @throws {ConfigurationError} `load-timeout`
 */
export function withinLoadTimeout<T>(
  clock: Clock,
  work: Promise<T>,
  what: string,
  { signal, file }: Limits,
): Promise<T> {
  const late = () =>
    new ConfigurationError("load-timeout", `${what} was not loaded within ${loadTimeoutMs / 1000} s.`, {
      file,
      remedy: "Find the `await` in it, or in what it imports, that never settles, or the promise that it exports.",
    });
  return withinTime({ clock, ms: loadTimeoutMs, late }, signal, () => work);
}

/** Imports modules within that time limit. */
export function createImportModule(clock: Clock, signal: AbortSignal): ImportModule {
  return (file, read) => {
    const { href } = process.getBuiltinModule("node:url").pathToFileURL(file);
    return withinLoadTimeout(clock, import(/* webpackIgnore: true */ /* @vite-ignore */ href).then(read), file, {
      file,
      signal,
    });
  };
}
