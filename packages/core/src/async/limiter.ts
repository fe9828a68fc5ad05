/** Runs a limited number of pieces of work at once; the others wait in the order of their calls. */
export interface ConcurrencyLimiter {
  /** Runs `work` once there is room. Work whose signal ends while it waits is never started. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createConcurrencyLimiter(maxConcurrency: number): ConcurrencyLimiter {
  const queue = new Set<() => void>();
  let free = maxConcurrency;

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        queue.delete(go);
        resolve();
      };
      const leave = () => {
        queue.delete(go);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.add(go);
    });

  const next = (): void => {
    const [first] = queue;
    if (first === undefined) free++;
    else first(); // takes over the slot
  };

  return {
    async run(signal, work) {
      signal.throwIfAborted();
      if (free > 0) free--;
      else await wait(signal);
      try {
        return await work();
      } finally {
        next();
      }
    },
  };
}
