import type { Clock } from "../contract/services.ts";
import type { Detection } from "../contract/source.ts";

/** How long the answer "nobody is there" stands, milliseconds: longer each time, never for good. */
const standing = [1_000, 5_000, 30_000, 300_000];

/**
 * Remembers what a knock brought. Somebody who opened is not knocked at again; that nobody did is forgotten after a while, because a busy
 * host may have been too slow once.
 */
export function createProbe(
  clock: Clock,
  knock: (signal: AbortSignal) => Promise<Detection | undefined>,
): (signal: AbortSignal) => Promise<Detection | undefined> {
  let answer: Detection | undefined;
  let untilMono = 0;
  let failures = 0;
  return async (signal) => {
    if (answer !== undefined && clock.monotonic() < untilMono) return answer;
    answer = await knock(signal);
    if (answer?.state === "absent") {
      untilMono = clock.monotonic() + (standing[Math.min(failures, standing.length - 1)] as number);
      failures++;
    } else {
      untilMono = Number.POSITIVE_INFINITY;
      failures = 0;
    }
    return answer;
  };
}
