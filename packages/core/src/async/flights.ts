import type { AbortSignalLike } from "../contract/token.ts";
import { callerAborted } from "./abort.ts";

/** One piece of work under way, and how many callers wait for it. */
export interface Flight<T> {
  readonly key: string;
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/** Work that runs once per key, however many callers wait for it ("single flight"). */
export interface Flights<T> {
  /** The flight that a caller with this key joins. */
  find(key: string): Flight<T> | undefined;
  /** Registers work that has just started and is aborted by the controller. */
  add(key: string, controller: AbortController, result: Promise<T>): Flight<T>;
  /**
   * Waits for a flight. A caller's abort ends its own wait; that of the last caller aborts the
   * flight.
   */
  wait(flight: Flight<T>, signal: AbortSignalLike | undefined): Promise<T>;
  /** Joins the flight of this key, or starts one. */
  join(key: string, signal: AbortSignalLike | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Starts a flight that no caller has to wait for, unless one is under way. Its rejection has to
   * be handled here: callers may never join.
   */
  detach(key: string, start: (signal: AbortSignal) => Promise<T>): Promise<T> | undefined;
  /** Keeps later callers from joining the flights under way, which go on for their waiters. */
  release(): void;
  /** Aborts all flights; their waiters reject with `reason`. */
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

/** The flights of one kind of work. */
interface FlightTable<T> {
  /** Those that later callers join, by key. */
  readonly joinable: Map<string, Flight<T>>;
  readonly running: Set<Flight<T>>;
}

function drop<T>({ joinable }: FlightTable<T>, flight: Flight<T>): void {
  if (joinable.get(flight.key) === flight) joinable.delete(flight.key);
}

function register<T>(flights: FlightTable<T>, key: string, controller: AbortController, work: Promise<T>): Flight<T> {
  const result = work.finally(() => {
    flights.running.delete(flight);
    drop(flights, flight);
  });
  const flight: Flight<T> = { key, result, controller, waiters: 0 };
  flights.joinable.set(key, flight);
  flights.running.add(flight);
  return flight;
}

function begin<T>(flights: FlightTable<T>, key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController();
  return register(flights, key, controller, (async () => start(controller.signal))());
}

export function createFlights<T>(): Flights<T> {
  const flights: FlightTable<T> = { joinable: new Map(), running: new Set() };
  const { joinable, running } = flights;

  const wait: Flights<T>["wait"] = (flight, signal) => {
    flight.waiters++;
    if (signal === undefined) return flight.result;
    return waitFor(flight, signal, () => {
      if (--flight.waiters > 0) return;
      drop(flights, flight); // later callers get a new flight
      flight.controller.abort(callerAborted());
    });
  };

  return {
    find: (key) => joinable.get(key),
    add: (key, controller, result) => register(flights, key, controller, result),
    wait,
    join(key, signal, start) {
      if (signal?.aborted) return Promise.reject(callerAborted());
      return wait(joinable.get(key) ?? begin(flights, key, start), signal);
    },
    detach(key, start) {
      if (joinable.has(key)) return undefined;
      const flight = begin(flights, key, start);
      flight.waiters = Number.POSITIVE_INFINITY;
      return flight.result;
    },
    release: () => joinable.clear(),
    abort(reason) {
      for (const flight of running) flight.controller.abort(reason);
      running.clear();
      joinable.clear();
    },
  };
}
