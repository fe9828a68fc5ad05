import { type Clock, outcomeError, redact } from "@azidentity/core/plugin";
import { createTimeLimit } from "./time-limit.ts";

/** Milliseconds between two trials while nobody answers; doubled each time. */
const pauses = { first: 1_000, most: 30_000 };

export interface CircuitSettings {
  readonly clock: Clock;
  /** Milliseconds after which an answer is not waited for any longer. */
  readonly timeoutMs: number;
  /** Rejects while the other side does not work. */
  readonly trial: () => Promise<void>;
}

export interface Circuit {
  /** Runs work in time; at once rejects while the circuit is open. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Finds out how the other side is, before anybody relies on it. Never rejects. `ms`: how long that may take. */
  test(ms?: number): Promise<void>;
  close(): void;
}

/**
 * After one failure nobody waits: calls reject at once, and the first one after each pause starts a trial beside the callers. The one that
 * goes well closes the circuit.
 */
export function createCircuit({ clock, timeoutMs, trial }: CircuitSettings): Circuit {
  let open: { readonly reason: string; readonly retryMono: number; readonly pause: number } | undefined;
  let trying: Promise<void> | undefined;
  const limit = createTimeLimit(clock, timeoutMs);

  const reasonOf = (error: unknown) => redact(error instanceof Error ? error.message : String(error), 200);
  const trip = (error: unknown): void => {
    const pause = open === undefined ? pauses.first : Math.min(open.pause * 2, pauses.most);
    open = { reason: reasonOf(error), pause, retryMono: clock.monotonic() + pause };
  };

  const test = (ms?: number): Promise<void> => {
    trying ??= limit
      .run(trial, ms)
      .then(() => {
        open = undefined;
      }, trip)
      .finally(() => {
        trying = undefined;
      });
    return trying;
  };

  const unavailable = (reason: string) =>
    outcomeError("unreachable", `Redis does not work: ${reason}.`, { code: "store-unreachable" });

  return {
    test,
    async run(work) {
      if (open !== undefined) {
        if (clock.monotonic() >= open.retryMono) void test();
        throw unavailable(open.reason);
      }
      try {
        return await limit.run(work);
      } catch (error) {
        if (open === undefined) trip(error); // of many that fail together one counts
        throw unavailable(reasonOf(error));
      }
    },
    close: () => limit.close(new Error("the store was closed")),
  };
}
