import type { ImportModule } from "./config/load-file.ts";
import { ConfigurationError, workDone } from "./contract/errors.ts";
import type { Clock } from "./contract/services.ts";

/** How long a config or a plugin may take to load, in milliseconds. */
const loadMs = 30_000;

/** Ends in time, even if the work does not: a top-level await of what never comes would keep every caller waiting. */
export async function inTime<T>(
  clock: Clock,
  work: Promise<T>,
  what: string,
  { ms = loadMs, file }: { readonly ms?: number; readonly file?: string } = {},
): Promise<T> {
  const finished = new AbortController();
  const late = clock.sleep(ms, finished.signal).then(() => {
    throw new ConfigurationError("load-timeout", `${what} was not loaded within ${ms / 1000} s.`, {
      file,
      remedy: "Look for an `await` in it, or in what it imports, that never ends.",
    });
  });
  late.catch(() => undefined); // loaded in time
  try {
    return await Promise.race([work, late]);
  } finally {
    finished.abort(workDone);
  }
}

/** Imports modules under that deadline. */
export function createImportModule(clock: Clock): ImportModule {
  return (file) => {
    const { href } = process.getBuiltinModule("node:url").pathToFileURL(file);
    return inTime(clock, import(/* @vite-ignore */ href), file, { file });
  };
}
