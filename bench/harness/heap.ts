/** Needs `--expose-gc` and a large young generation; see run-group.ts. */
import v8 from "node:v8";

const collect = () => {
  if (globalThis.gc === undefined) throw new Error("Start Node.js with --expose-gc.");
  globalThis.gc();
  globalThis.gc(); // what finalizers let go of
};

/**
 * Bytes of heap that one call allocates, garbage included. While nothing is collected, the heap
 * grows by just what is allocated; so the calls have to fit between two collections, and a profiler
 * tells whether they did.
 */
export async function allocatedPerCall(run: () => Promise<unknown>, calls: number): Promise<number> {
  await run();
  for (let attempt = 0; attempt < 5; attempt++) {
    collect();
    const profiler = new v8.GCProfiler();
    profiler.start();
    const before = process.memoryUsage().heapUsed;
    await run();
    const bytes = process.memoryUsage().heapUsed - before;
    if (profiler.stop()?.statistics.length === 0) return bytes / calls;
  }
  throw new Error("The garbage collector ran each time: make fewer calls.");
}

/** Bytes of heap that stay in use by what `run` keeps. */
export async function keptBy(run: () => Promise<unknown>): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  await run();
  collect();
  return process.memoryUsage().heapUsed - before;
}
