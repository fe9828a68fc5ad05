import { withinTime } from "../async/time-limit.ts";
import type { Clock } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";

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
