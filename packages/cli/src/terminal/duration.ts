/** `82 ms`, `1.2 s`; empty for what took less than a millisecond. */
export function durationText(ms: number | undefined): string {
  if (ms === undefined || ms < 1) return "";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/**
 * Time until a moment, in the largest unit that fits: `58 min`, `23 h`; `expired` when it has
 * passed.
 */
export function timeLeft(untilMs: number, nowMs: number): string {
  const seconds = Math.floor((untilMs - nowMs) / 1_000);
  if (seconds <= 0) return "expired";
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
