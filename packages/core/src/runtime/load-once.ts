import type { Clock } from "../contract/system-services.ts";
import { AbortError } from "../errors/errors.ts";
import { createClock } from "../services/clock.ts";
import type { Runtime, StartPlace } from "./load-runtime.ts";
import type { ServiceOverrides } from "./services.ts";

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
  close(): Promise<void>;
}

export function createLoading(place: StartPlace, overrides: ServiceOverrides): Loading {
  let runtime: Promise<Runtime> | undefined;
  let loaded: Runtime | undefined;
  const closing = new AbortController();
  return {
    clock: overrides.clock ?? createClock(),
    get loaded() {
      return closing.signal.aborted ? undefined : loaded;
    },
    load() {
      if (closing.signal.aborted) return Promise.reject(closing.signal.reason);
      if (runtime !== undefined) return runtime;
      // imported on first use, so that importing this package stays cheap
      const loading = import("./load-runtime.ts")
        .then(({ loadRuntime }) => loadRuntime(place, overrides, closing.signal))
        .catch((error: unknown) => {
          throw closing.signal.aborted ? closing.signal.reason : error;
        });
      runtime = loading;
      loading.then(
        (now) => {
          loaded = now;
        },
        () => {
          if (runtime === loading) runtime = undefined;
        },
      );
      return loading;
    },
    async close() {
      if (closing.signal.aborted) return;
      const closed = new AbortError("This identity was closed.", { code: "closed" });
      closing.abort(closed);
      // in this turn when it can be: a hit does not check whether its identity is closed, so memory
      // has to be empty
      const ended = loaded ?? (await runtime?.catch(() => undefined));
      await ended?.close(closed);
    },
  };
}
