import { outcomeError } from "../errors/outcome-error.ts";
import type { Flight, ShareFlight } from "./flights.ts";

/** The module `cloudflare:workers`. */
interface CloudflareWorkers {
  /** Lets work go on after the response, or after the client has left: for 30 seconds at most. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** Loaded with this module, because what waits goes on while it is loaded. */
const workers = globalThis.process?.getBuiltinModule?.("cloudflare:workers") as CloudflareWorkers | undefined;

/**
 * How long a request waits for what another one has begun, milliseconds from its start: longer than
 * it may take by default. It may have been cut off meanwhile, which is reported to no other
 * request.
 */
const lostAfterMs = 35_000;

/**
 * Whether this request has made the controller: a Worker must not touch what another request has
 * made.
 */
function isOwn(controller: AbortController): boolean {
  try {
    return controller.signal !== undefined;
  } catch {
    return false; // "Cannot perform I/O on behalf of a different request"
  }
}

/** The result of what another request has begun, or an error where that does not end. */
function untilLost<T>(result: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = "Another request of this Worker began to get the token, and was ended before it had one.";
      reject(outcomeError("timeout", message, { remedy: "Request the token again." }));
    }, ms);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * Makes a flight of a Worker (workerd) one that other requests may wait for. What a request has
 * begun ends with it, unless the runtime has been asked to wait for it; and no other request may
 * end it, so that it ends in its own time.
 */
export const shareInWorker: ShareFlight = <T>(flight: Flight<T>): Flight<T> => {
  const { key, result } = flight;
  const controller = flight.controller as AbortController;
  const startedMs = Date.now();
  const leftMs = () => (isOwn(controller) ? lostAfterMs : startedMs + lostAfterMs - Date.now());
  workers?.waitUntil?.(result.catch(() => undefined));
  return {
    key,
    waiters: 0,
    get result() {
      return isOwn(controller) ? result : untilLost(result, leftMs());
    },
    get isLost() {
      return leftMs() <= 0;
    },
    controller: {
      abort(reason) {
        if (isOwn(controller)) controller.abort(reason);
      },
    },
  };
};
