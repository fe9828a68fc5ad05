import { strict as assert } from "node:assert";

/** What the work rejects with. */
export async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  assert.fail("It did not reject.");
}

/** Real milliseconds for what has to happen at once, on a machine that is busy. */
const atOnceMs = 2_000;

/** Rejects if the work does not settle, so that a test fails instead of waiting forever. */
export async function atOnce<T>(work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: otherwise })), atOnceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
