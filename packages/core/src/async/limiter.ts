/** Lets so many at once work; the others wait, in the order in which they came. */
export interface Turns {
  /** Runs `work` when its turn has come. Who leaves the queue because its signal ends never works at all. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createTurns(maxConcurrency: number): Turns {
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
    else first(); // the turn passes on
  };

  return {
    async take(signal, work) {
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
