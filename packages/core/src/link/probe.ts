import type { Detection } from "../contract/source.ts";
import type { Clock } from "../contract/system-services.ts";

/** Milliseconds for which a failed probe is remembered: longer each time, never for good. */
const failedProbeTtlsMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000];

/** What the last probe found. */
export interface ProbeMemory {
  answer: Detection | undefined;
  /** Monotonic milliseconds until which it counts. */
  untilMono: number;
  /** Probes in a row that recognised nothing. */
  failures: number;
}

export function createProbeMemory(): ProbeMemory {
  return { answer: undefined, untilMono: 0, failures: 0 };
}

/**
 * What a probe found a moment ago, or finds now. A host that was recognised (`likely`, `ready`) is
 * not probed again. Silence, and an answer that may be another service's, are forgotten after a
 * while: a machine that has just started may have been too slow.
 */
export async function probeAgain(
  memory: ProbeMemory,
  clock: Clock,
  probe: () => Promise<Detection | undefined>,
): Promise<Detection | undefined> {
  if (memory.answer !== undefined && clock.monotonic() < memory.untilMono) return memory.answer;
  const answer = await probe();
  memory.answer = answer;
  if (answer?.state === "likely" || answer?.state === "ready") {
    memory.untilMono = Number.POSITIVE_INFINITY;
    memory.failures = 0;
  } else {
    const { failures } = memory;
    const ms = failedProbeTtlsMs[Math.min(failures, failedProbeTtlsMs.length - 1)] as number;
    memory.untilMono = clock.monotonic() + ms;
    memory.failures++;
  }
  return answer;
}
