/**
 * `sleep` of a clock on which pauses end immediately, and limits of requests and acquisitions
 * never.
 */
export const hurried = (ms: number, signal: AbortSignal): Promise<void> =>
  ms < 10_000
    ? new Promise((resolve) => setImmediate(resolve))
    : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
