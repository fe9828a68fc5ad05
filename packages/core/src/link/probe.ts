import type { Detection } from "../contract/source.ts";
import type { Clock } from "../contract/system-services.ts";

/** Milliseconds for which a failed probe is remembered: longer each time, never for good. */
const failedProbeTtlsMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000];

/**
 * Remembers what a probe found. A host that was recognised (`likely`, `ready`) is not probed again.
 * Silence, and an answer that may be another service's, are forgotten after a while: a machine that
 * has just started may have been too slow.
 */
export function createProbe(
  clock: Clock,
  probe: (signal: AbortSignal) => Promise<Detection | undefined>,
): (signal: AbortSignal) => Promise<Detection | undefined> {
  let answer: Detection | undefined;
  let untilMono = 0;
  let failures = 0;
  return async (signal) => {
    if (answer !== undefined && clock.monotonic() < untilMono) return answer;
    answer = await probe(signal);
    if (answer?.state === "likely" || answer?.state === "ready") {
      untilMono = Number.POSITIVE_INFINITY;
      failures = 0;
    } else {
      untilMono = clock.monotonic() + (failedProbeTtlsMs[Math.min(failures, failedProbeTtlsMs.length - 1)] as number);
      failures++;
    }
    return answer;
  };
}
