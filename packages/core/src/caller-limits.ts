import { callerAborted } from "./contract/abort-reasons.ts";
import { outcomeError } from "./contract/outcome-error.ts";
import type { Clock } from "./contract/services.ts";
import type { AbortSignalLike, GetTokenOptions } from "./contract/token.ts";
import { withinTime } from "./contract/within-time.ts";
import type { Runtime } from "./runtime.ts";

/** What is there before config and plugins are. */
export interface Loading {
  readonly load: () => Promise<Runtime>;
  readonly clock: Clock;
}

/** Runs with a signal of our own that follows the caller's. */
export async function following<T>(
  { abortSignal }: GetTokenOptions,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(callerAborted());
  if (abortSignal?.aborted) onAbort();
  abortSignal?.addEventListener("abort", onAbort);
  try {
    return await run(controller.signal);
  } finally {
    abortSignal?.removeEventListener("abort", onAbort);
  }
}

/** The runtime, unless the caller gives up before it is loaded. */
export async function loaded(load: () => Promise<Runtime>, signal: AbortSignalLike | undefined): Promise<Runtime> {
  if (signal === undefined) return load();
  const given = Promise.withResolvers<never>();
  const onAbort = () => given.reject(callerAborted());
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([given.promise, load()]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Loads and asks within what the caller allows: its signal, and its timeout when it has one. What it waited for goes on for others. */
export function withinLimits<T>(
  { load, clock }: Loading,
  options: GetTokenOptions,
  ask: (runtime: Runtime, signal: AbortSignalLike | undefined) => Promise<T>,
): Promise<T> {
  const run = async (signal: AbortSignalLike | undefined) => ask(await loaded(load, signal), signal);
  const ms = options.requestOptions?.timeout;
  if (ms === undefined || ms <= 0) return run(options.abortSignal);
  const late = () => outcomeError("timeout", `No token within the request's timeout of ${ms} ms.`);
  return following(options, (signal) => withinTime({ clock, ms, late }, signal, run));
}
