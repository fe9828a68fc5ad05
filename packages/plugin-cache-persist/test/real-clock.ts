import { setTimeout } from "node:timers/promises";
import type { Clock } from "@azidentity/core/plugin";

/** Time as it passes, for tests with other processes, which know no other. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
