import type { Clock } from "../contract/system-services.ts";
import { AbortError } from "../errors/errors.ts";
import { createWeakList } from "../util/weak-list.ts";
import type { Runtime } from "./assemble.ts";

/** What is there before config and plugins are. */
export interface Loading {
  readonly clock: Clock;
  /** `undefined` until the runtime is loaded, and once the identity is closed. */
  readonly loaded: Runtime | undefined;
  /**
   * Loads once for all callers; a load that failed is tried again by the next caller, because what
   * was wrong may be corrected.
   */
  load(): Promise<Runtime>;
  /** Ends everything under way. Later calls reject with the code `closed`. */
  close(reason?: Error): Promise<void>;
  /** Of an identity that comes from this one. It is closed with this one, and not kept alive. */
  derive(load: Load): Loading;
}

/** Loads the runtime of one identity; ends with the signal. */
export type Load = (signal: AbortSignal) => Promise<Runtime>;

export function createLoading(clock: Clock, start: Load): Loading {
  let starting: Promise<Runtime> | undefined;
  let loading: Promise<Runtime> | undefined;
  let loaded: Runtime | undefined;
  const closing = new AbortController();
  const derived = createWeakList<Loading>();
  const startOnce = async (): Promise<Runtime> => {
    try {
      starting = start(closing.signal);
      loaded = await starting;
      closing.signal.throwIfAborted();
      return loaded;
    } catch (error) {
      loading = undefined;
      throw closing.signal.aborted ? closing.signal.reason : error;
    }
  };
  return {
    clock,
    get loaded() {
      return closing.signal.aborted ? undefined : loaded;
    },
    load() {
      if (closing.signal.aborted) return Promise.reject(closing.signal.reason);
      loading ??= startOnce();
      return loading;
    },
    async close(reason = new AbortError("This identity was closed.", { code: "closed" })) {
      if (closing.signal.aborted) return;
      closing.abort(reason);
      // in this turn when it can be: a hit does not check whether its identity is closed, so memory
      // has to be empty
      const users = Promise.all(derived.newestFirst().map((one) => one.close(reason)));
      const ended = loaded ?? (await starting?.catch(() => undefined));
      await ended?.close(reason, users);
      await users;
    },
    derive(load) {
      const loading = createLoading(clock, load);
      if (closing.signal.aborted) void loading.close(closing.signal.reason);
      else derived.add(loading);
      return loading;
    },
  };
}
