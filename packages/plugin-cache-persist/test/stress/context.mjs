/** The context of a store, for programs in processes of their own. */
import { setTimeout } from "node:timers/promises";

const silent = () => {};
export const context = {
  env: process.env,
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  },
  log: { error: silent, warn: (text) => console.error(text), info: silent, debug: silent },
};

/** The file store of a folder, with the key of AZIDENTITY_CACHE_KEY. */
export async function openStore(directory) {
  const { fileStore } = await import("@azidentity/plugin-cache-persist");
  return fileStore.create({ directory }, context);
}
