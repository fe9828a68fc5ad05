import { setTimeout } from "node:timers/promises";
import type { Clock } from "@azidentity/core/plugin";

/** Real time, for tests with other processes. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
