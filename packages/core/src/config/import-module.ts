import { withinTime } from "../async/time-limit.ts";
import type { Clock } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import type { ImportModule } from "./load-file.ts";

/** How long a config or a plugin may take to load, in milliseconds. */
const loadMs = 30_000;

interface Limits {
  /** Ends the wait before, with its reason. */
  readonly signal: AbortSignal;
  readonly file?: string;
}

/** Ends in time, even if the work does not: a top-level await of what never comes would keep every caller waiting. */
export function inTime<T>(clock: Clock, work: Promise<T>, what: string, { signal, file }: Limits): Promise<T> {
  const late = () =>
    new ConfigurationError("load-timeout", `${what} was not loaded within ${loadMs / 1000} s.`, {
      file,
      remedy: "Look for an `await` in it, or in what it imports, that never ends, or for a promise that it exports.",
    });
  return withinTime({ clock, ms: loadMs, late }, signal, () => work);
}

/** Imports modules under that deadline. */
export function createImportModule(clock: Clock, signal: AbortSignal): ImportModule {
  return (file, read) => {
    const { href } = process.getBuiltinModule("node:url").pathToFileURL(file);
    return inTime(clock, import(/* @vite-ignore */ href).then(read), file, { file, signal });
  };
}
