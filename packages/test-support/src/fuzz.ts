import { afterAll, beforeAll } from "vitest";

/** Inputs of one test, the same in every run. */
export const fuzzRuns = { seed: 20_261_129, numRuns: 10_000 } as const;
/** Milliseconds for one test; it takes a few seconds on an idle machine. */
export const fuzzTimeoutMs = 60_000;

/** Lets errors of a test file have no stack frames, which would take half of the time. */
export function omitStackFrames(): void {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
}
