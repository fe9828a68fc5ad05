import type { Clock } from "../contract/system-services.ts";
import { AbortError } from "../errors/errors.ts";
import { createTextOf } from "../options/plain.ts";
import { createWeakList, type WeakList } from "../util/weak-list.ts";
import type { Runtime } from "./assemble.ts";

/** What is there before config and plugins are. */
export interface Loading {
  readonly clock: Clock;
  /** That of the identity from which this one comes. */
  readonly parent: Loading | undefined;
  /** Texts that are equal when arguments are; the same for all that come from one identity. */
  readonly textOf: (value: unknown) => string;
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

/** @param parent of an identity that comes from another one */
export function createLoading(clock: Clock, start: Load, parent?: Loading): Loading {
  let starting: Promise<Runtime> | undefined;
  let loading: Promise<Runtime> | undefined;
  let closed: Error | undefined;
  let closing: AbortController | undefined; // while it loads
  let derived: WeakList<Loading> | undefined; // most have none
  const startOnce = async (signal: AbortSignal): Promise<Runtime> => {
    try {
      starting = start(signal);
      const runtime = await starting;
      if (closed !== undefined) throw closed;
      own.loaded = runtime;
      return runtime;
    } catch (error) {
      loading = undefined;
      throw closed ?? error;
    } finally {
      closing = undefined;
    }
  };
  // a field instead of a getter: V8 stores an object with getters in a table seven times the size
  const own: { -readonly [K in keyof Loading]: Loading[K] } = {
    clock,
    parent,
    textOf: parent?.textOf ?? createTextOf(),
    loaded: undefined,
    load() {
      if (closed !== undefined) return Promise.reject(closed);
      if (loading === undefined) {
        closing = new AbortController(); // throws in the global scope of a Worker
        loading = startOnce(closing.signal);
      }
      return loading;
    },
    async close(reason = new AbortError("This identity was closed.", { code: "closed" })) {
      if (closed !== undefined) return;
      closed = reason;
      const runtime = own.loaded;
      own.loaded = undefined;
      closing?.abort(reason);
      // in this turn when it can be: a hit does not check whether its identity is closed, so memory
      // has to be empty
      const users = Promise.all((derived?.newestFirst() ?? []).map((one) => one.close(reason)));
      const ended = runtime ?? (await starting?.catch(() => undefined));
      await ended?.close(reason, users);
      await users;
    },
    derive(load) {
      const child = createLoading(clock, load, own);
      derived ??= createWeakList();
      if (closed !== undefined) void child.close(closed);
      else derived.add(child);
      return child;
    },
  };
  return own;
}
