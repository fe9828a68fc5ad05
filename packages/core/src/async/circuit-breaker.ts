import type { Clock } from "../contract/system-services.ts";
import { markBackground, workDone } from "./abort.ts";

/** The limits of a circuit breaker. */
export interface CircuitBreakerSettings {
  /** Measures the limits. */
  readonly clock: Clock;
  /** How long one call may take. */
  readonly timeoutMs: number;
  /** How long the circuit stays open after a timeout, or after `trip()`. */
  readonly cooldownMs: number;
}

/** Limits the time that callers spend on a service that hangs or fails. */
export interface CircuitBreaker {
  /** Whether the service failed a moment ago, so that callers should do without it. */
  readonly isOpen: boolean;
  /**
   * Calls the service, even while the circuit is open; checking `isOpen` first is up to the caller.
   * Rejects after `timeoutMs`, and opens the circuit; a result closes it. `background`: the wait
   * does not keep the process alive.
   *
   * @throws {Error} the error of the work, or that it took longer than `timeoutMs`
   */
  run<T>(work: () => Promise<T>, background?: boolean): Promise<T>;
  /** Opens the circuit for `cooldownMs`. */
  trip(): void;
}

/**
 * The timeout is counted in slices: where a process hardly runs, because sixty start at the same
 * time, elapsed time by itself says nothing about the service.
 */
const sliceMs = 50;

/** A circuit breaker that is closed: calls go through. */
export function createCircuitBreaker({ clock, timeoutMs, cooldownMs }: CircuitBreakerSettings): CircuitBreaker {
  let openUntilMono = 0;
  const trip = (): void => {
    openUntilMono = clock.monotonic() + cooldownMs;
  };
  const timeout = async (signal: AbortSignal): Promise<never> => {
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += sliceMs) await clock.sleep(sliceMs, signal);
    trip();
    throw new Error(`no answer within ${timeoutMs / 1000} s`);
  };
  return {
    get isOpen() {
      return clock.monotonic() < openUntilMono;
    },
    async run(work, background = false) {
      const finished = new AbortController();
      if (background) markBackground(finished.signal);
      const late = timeout(finished.signal);
      late.catch(() => undefined);
      try {
        const result = await Promise.race([work(), late]);
        openUntilMono = 0;
        return result;
      } finally {
        finished.abort(workDone);
      }
    },
    trip,
  };
}
