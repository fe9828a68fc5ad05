import type { AbortSignalLike } from "../contract/token.ts";
import { callerAborted } from "./abort.ts";

/** One piece of work under way, and how many callers wait for it. */
export interface Flight<T> {
  readonly key: string;
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiters: number;
}

/**
 * Work that runs once per key, however many callers wait for it ("single flight"). Tables exist only
 * while there is work under way, because each credential has several of these.
 */
export interface Flights<T> {
  /** Those that later callers join, by key. */
  joinable: Map<string, Flight<T>> | undefined;
  running: Set<Flight<T>> | undefined;
}

export function createFlights<T>(): Flights<T> {
  return { joinable: undefined, running: undefined };
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

function drop<T>(flights: Flights<T>, flight: Flight<T>): void {
  const { joinable } = flights;
  if (joinable?.get(flight.key) === flight) joinable.delete(flight.key);
  if (joinable?.size === 0) flights.joinable = undefined;
}

function end<T>(flights: Flights<T>, flight: Flight<T>): void {
  flights.running?.delete(flight);
  if (flights.running?.size === 0) flights.running = undefined;
  drop(flights, flight);
}

/** The flight that a caller with this key joins. */
export function findFlight<T>({ joinable }: Flights<T>, key: string): Flight<T> | undefined {
  return joinable?.get(key);
}

/** Registers work that has just started and is aborted by the controller. */
export function addFlight<T>(
  flights: Flights<T>,
  key: string,
  controller: AbortController,
  work: Promise<T>,
): Flight<T> {
  const result = work.finally(() => end(flights, flight));
  const flight: Flight<T> = { key, result, controller, waiters: 0 };
  flights.joinable ??= new Map();
  flights.joinable.set(key, flight);
  flights.running ??= new Set();
  flights.running.add(flight);
  return flight;
}

function begin<T>(flights: Flights<T>, key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController();
  return addFlight(flights, key, controller, (async () => start(controller.signal))());
}

/**
 * Waits for a flight. A caller's abort ends its own wait; that of the last caller aborts the flight.
 */
export function waitForFlight<T>(
  flights: Flights<T>,
  flight: Flight<T>,
  signal: AbortSignalLike | undefined,
): Promise<T> {
  flight.waiters++;
  if (signal === undefined) return flight.result;
  return waitFor(flight, signal, () => {
    if (--flight.waiters > 0) return;
    drop(flights, flight); // later callers get a new flight
    flight.controller.abort(callerAborted());
  });
}

/** Joins the flight of this key, or starts one. */
export function joinFlight<T>(
  flights: Flights<T>,
  key: string,
  signal: AbortSignalLike | undefined,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(callerAborted());
  return waitForFlight(flights, findFlight(flights, key) ?? begin(flights, key, start), signal);
}

/**
 * Starts a flight that no caller has to wait for, unless one is under way. Its rejection has to be
 * handled here: callers may never join.
 */
export function detachFlight<T>(
  flights: Flights<T>,
  key: string,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> | undefined {
  if (findFlight(flights, key) !== undefined) return undefined;
  const flight = begin(flights, key, start);
  flight.waiters = Number.POSITIVE_INFINITY;
  return flight.result;
}

/** Keeps later callers from joining the flights under way, which go on for their waiters. */
export function releaseFlights(flights: Flights<unknown>): void {
  flights.joinable = undefined;
}

/** Aborts all flights; their waiters reject with `reason`. */
export function abortFlights(flights: Flights<unknown>, reason: Error): void {
  const running = flights.running ?? [];
  flights.running = undefined;
  flights.joinable = undefined;
  for (const flight of running) flight.controller.abort(reason);
}
