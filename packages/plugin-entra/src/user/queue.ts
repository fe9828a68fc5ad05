import { untilAborted } from "../until-aborted.ts";

/** One after another: nobody can look at two sign-in pages. Who leaves because its signal ends never works at all. */
export function createQueue() {
  let last = Promise.resolve();
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      before.then(resolve);
    }
  };
}
