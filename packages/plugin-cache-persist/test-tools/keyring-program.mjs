/** Opens the file store in a fresh process and does what its arguments say; prints what came of it as JSON. */
import { setTimeout } from "node:timers/promises";
import { createTestContext } from "@azidentity/core/testing";
import { fileStore } from "@azidentity/plugin-cache-persist";

const [directory, name, what, value] = process.argv.slice(2);
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
try {
  const context = createTestContext({ env: {}, clock });
  const store = await fileStore.create({ directory, name }, context);
  if (what === "set") await store.set("key", new TextEncoder().encode(value), Date.now() + 3_600_000);
  const bytes = await store.get("key");
  console.log(JSON.stringify({ value: bytes && new TextDecoder().decode(bytes) }));
  await store[Symbol.asyncDispose]();
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
