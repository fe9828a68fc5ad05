/**
 * Opens the file store and runs an operation: `get`, `set`, or `add`, which appends with `update`.
 * Prints the result as JSON. `UNSAFE=1` in the environment allows a key in a file.
 */
import { setTimeout } from "node:timers/promises";
import { createTestContext } from "@azidentity/core/testing";
import { fileStore } from "@azidentity/plugin-cache-persist";

const [directory, name, operation, value] = process.argv.slice(2);
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
const text = (bytes) => bytes && new TextDecoder().decode(bytes);
const bytes = (value) => new TextEncoder().encode(value);
const unsafeAllowUnencryptedStorage = process.env.UNSAFE === "1";
try {
  const context = createTestContext({ env: {}, clock });
  const store = await fileStore.create({ directory, name, unsafeAllowUnencryptedStorage }, context);
  if (operation === "set") await store.set("key", bytes(value), Date.now() + 3_600_000);
  if (operation === "add") await store.update("key", async (before) => bytes(`${text(before) ?? ""}${value} `));
  console.log(JSON.stringify({ value: text(await store.get("key")) }));
  await store[Symbol.asyncDispose]();
} catch (error) {
  console.log(JSON.stringify({ code: error.code }));
}
