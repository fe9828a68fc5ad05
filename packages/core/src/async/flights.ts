import { type ServiceToken, serviceToken } from "../contract/context.ts";
import type { AbortSignalLike } from "../contract/token.ts";
import { callerAborted, isBackground, markBackground, unlessAborted } from "./abort.ts";

/** One piece of work under way, and how many callers wait for it. */
export interface Flight<T> {
  readonly key: string;
  readonly result: Promise<T>;
  readonly controller: Pick<AbortController, "abort">;
  /** Whether it will never end, so that no caller joins it. Default `false`. */
  readonly isLost?: boolean;
  waiters: number;
}

/**
 * Makes a flight one that other requests may wait for, where a program serves requests that are
 * apart: in a Worker.
 */
export type ShareFlight = <T>(flight: Flight<T>) => Flight<T>;

/**
 * The service by which flights of a source are shared like those of core. Absent: they need not be.
 */
export const flightSharing: ServiceToken<ShareFlight> = serviceToken("flight-sharing");

/**
 * Work that runs once per key, however many callers wait for it ("single flight"). Tables exist
 * only while there is work under way, because each credential has several of these.
 */
export interface Flights<T> {
  /** Those that later callers join, by key. */
  joinable: Map<string, Flight<T>> | undefined;
  running: Set<Flight<T>> | undefined;
  readonly share: ShareFlight | undefined;
}

export function createFlights<T>(share?: ShareFlight): Flights<T> {
  return { joinable: undefined, running: undefined, share };
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
function findFlight<T>({ joinable }: Flights<T>, key: string): Flight<T> | undefined {
  const flight = joinable?.get(key);
  return flight?.isLost ? undefined : flight;
}

function begin<T>(flights: Flights<T>, key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const controller = new AbortController();
  const result = (async () => start(controller.signal))().finally(() => end(flights, flight));
  const own: Flight<T> = { key, result, controller, waiters: 0 };
  const flight = flights.share?.(own) ?? own;
  flights.joinable ??= new Map();
  flights.joinable.set(key, flight);
  flights.running ??= new Set();
  flights.running.add(flight);
  return flight;
}

/**
 * Joins the flight of this key, or starts one. A caller's abort ends its own wait; that of the last
 * caller aborts the flight.
 */
export function joinFlight<T>(
  flights: Flights<T>,
  key: string,
  signal: AbortSignalLike | undefined,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(callerAborted());
  const flight = findFlight(flights, key) ?? begin(flights, key, start);
  flight.waiters++;
  if (signal === undefined) return flight.result;
  return unlessAborted(flight.result, signal, (reject) => {
    reject(callerAborted());
    if (--flight.waiters > 0) return;
    drop(flights, flight); // later callers get a new flight
    flight.controller.abort(callerAborted());
  });
}

/**
 * The same for a signal that may be one of background work, whose flights are apart from those of
 * callers: they must not keep the process alive.
 */
export function joinFlightApart<T>(
  flights: Flights<T>,
  key: string,
  signal: AbortSignal,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!isBackground(signal)) return joinFlight(flights, key, signal, start);
  return joinFlight(flights, `background ${key}`, signal, (own) => {
    markBackground(own);
    return start(own);
  });
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
