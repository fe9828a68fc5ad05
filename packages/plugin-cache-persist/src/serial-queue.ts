/** Runs work in order. */
export type SerialQueue = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Runs work of the same name one after another within this process, so that it does not wait for a
 * lock that the process itself has.
 */
export function createSerialQueue(): SerialQueue {
  const last = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const previous = last.get(name);
    const current = previous === undefined ? work() : previous.then(work, work);
    last.set(name, current);
    try {
      return await current;
    } finally {
      if (last.get(name) === current) last.delete(name);
    }
  };
}
