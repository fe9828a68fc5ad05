/**
 * One of many writers: increments a shared entry, and writes entries of its own. Arguments: folder,
 * number, writes.
 */
import { openStore } from "./context.mjs";

const [directory, number, writes] = process.argv.slice(2);
const store = await openStore(directory);
const addOne = async (current) => Buffer.from(String(Number(current ? Buffer.from(current).toString() : 0) + 1));
for (let n = 0; n < Number(writes); n++) {
  await store.update("shared", addOne);
  await store.set(`${number} ${n}`, Buffer.from(`${number} ${n}`), Date.now() + 3_600_000);
}
await store[Symbol.asyncDispose]();
