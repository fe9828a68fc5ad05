import { callerAborted } from "../contract/abort-reasons.ts";
import type { AbortSignalLike } from "../contract/token.ts";

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/** One acquisition per key, however many callers wait for it. */
export interface Flights<T> {
  /** Joins the flight of that key, or starts one. The caller's abort ends its own wait; the last one's ends the flight. */
  join(key: string, signal: AbortSignalLike | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Starts a flight that nobody waits for, unless one is under way. Its failure is the starter's to handle. */
  detach(key: string, start: (signal: AbortSignal) => Promise<T>): Promise<T> | undefined;
  /** Lets no later caller join what is under way, which goes on for its waiters. */
  release(): void;
  /** Aborts all flights; their waiters get `reason`. */
  abort(reason: Error): void;
}

/** The flight's result, or an AbortError as soon as this caller's signal ends. */
function waitFor<T>(flight: Flight<T>, signal: AbortSignalLike, leave: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      signal.removeEventListener("abort", onAbort);
      reject(callerAborted());
      leave();
    };
    signal.addEventListener("abort", onAbort);
    flight.result.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

export function createFlights<T>(): Flights<T> {
  const flights = new Map<string, Flight<T>>();
  const running = new Set<Flight<T>>(); // also those that no caller joins any more

  const begin = (key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> => {
    const controller = new AbortController();
    const forget = () => {
      running.delete(flight);
      if (flights.get(key) === flight) flights.delete(key);
    };
    const result = (async () => start(controller.signal))().finally(forget);
    const flight: Flight<T> = { result, controller, waiters: 0 };
    flights.set(key, flight);
    running.add(flight);
    return flight;
  };

  return {
    join(key, signal, start) {
      if (signal?.aborted) return Promise.reject(callerAborted());
      const flight = flights.get(key) ?? begin(key, start);
      flight.waiters++;
      if (signal === undefined) return flight.result;
      return waitFor(flight, signal, () => {
        if (--flight.waiters > 0) return;
        if (flights.get(key) === flight) flights.delete(key); // who joins from now on gets a new flight
        flight.controller.abort(callerAborted());
      });
    },
    detach(key, start) {
      if (flights.has(key)) return undefined;
      const flight = begin(key, start);
      flight.waiters = Number.POSITIVE_INFINITY;
      return flight.result;
    },
    release: () => flights.clear(),
    abort(reason) {
      for (const flight of running) flight.controller.abort(reason);
      running.clear();
      flights.clear();
    },
  };
}
