/** `sleep` of a clock on which pauses end immediately, and deadlines never. */
export const hurried = (ms: number, signal: AbortSignal): Promise<void> =>
  ms <= 20_000
    ? new Promise((resolve) => setImmediate(resolve))
    : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
