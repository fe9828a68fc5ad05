import { type Clock, outcomeError, quoteInMessage, redact } from "@azidentity/core/plugin";
import { createTimeLimit } from "./time-limit.ts";

/** Time between two probes while Redis does not work; doubled after each. */
const minPauseMs = 1_000;
const maxPauseMs = 30_000;

export interface CircuitSettings {
  readonly clock: Clock;
  /** Timeout of one command. */
  readonly timeoutMs: number;
  /** Rejects while Redis does not work. */
  readonly probe: () => Promise<void>;
}

export interface Circuit {
  /** Runs `work` for a limited time; rejects at once while the circuit is open. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs a probe, and opens or closes the circuit. Never rejects. `ms`: how long the probe may
   * take.
   */
  probe(ms?: number): Promise<void>;
  close(): void;
}

const reasonOf = (error: unknown) => redact(error instanceof Error ? error.message : String(error), 200);

const remedy = "Check the Redis server and `cache.url`; it is used again as soon as it works.";

const unavailable = (reason: string) =>
  outcomeError("unreachable", quoteInMessage("Redis does not work: ", reason, remedy), {
    code: "store-unreachable",
    remedy,
  });

/**
 * A circuit breaker: after one failure, calls reject at once. The first call after each pause
 * starts a probe in the background; a probe that succeeds closes the circuit.
 */
export function createCircuit({ clock, timeoutMs, probe }: CircuitSettings): Circuit {
  let open: { readonly reason: string; readonly retryMono: number; readonly pauseMs: number } | undefined;
  let probing: Promise<void> | undefined;
  const limit = createTimeLimit(clock, timeoutMs);

  const trip = (error: unknown): void => {
    const pauseMs = open === undefined ? minPauseMs : Math.min(open.pauseMs * 2, maxPauseMs);
    open = { reason: reasonOf(error), pauseMs, retryMono: clock.monotonic() + pauseMs };
  };

  const runProbe = (ms?: number): Promise<void> => {
    probing ??= limit
      .run(probe, ms)
      .then(() => {
        open = undefined;
      }, trip)
      .finally(() => {
        probing = undefined;
      });
    return probing;
  };

  return {
    probe: runProbe,
    async run(work) {
      if (open !== undefined) {
        if (clock.monotonic() >= open.retryMono) void runProbe();
        throw unavailable(open.reason);
      }
      try {
        return await limit.run(work);
      } catch (error) {
        if (open === undefined) trip(error); // calls that fail together count once
        throw unavailable(reasonOf(error));
      }
    },
    close: () => limit.close(new Error("the store was closed")),
  };
}
