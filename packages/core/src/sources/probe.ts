import type { Clock } from "../contract/services.ts";
import type { Detection } from "../contract/source.ts";

/** How long the answer that a host is absent stands, milliseconds: longer each time, never for good. */
const absenceStandsMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000];

/**
 * Remembers what a probe found. A host that answered is not probed again; that one did not is forgotten after a while, because a machine
 * that has just started may have been too slow.
 */
export function createProbe(
  clock: Clock,
  probe: (signal: AbortSignal) => Promise<Detection | undefined>,
): (signal: AbortSignal) => Promise<Detection | undefined> {
  let answer: Detection | undefined;
  let untilMono = 0;
  let absences = 0;
  return async (signal) => {
    if (answer !== undefined && clock.monotonic() < untilMono) return answer;
    answer = await probe(signal);
    if (answer?.state === "absent") {
      untilMono = clock.monotonic() + (absenceStandsMs[Math.min(absences, absenceStandsMs.length - 1)] as number);
      absences++;
    } else {
      untilMono = Number.POSITIVE_INFINITY;
      absences = 0;
    }
    return answer;
  };
}
