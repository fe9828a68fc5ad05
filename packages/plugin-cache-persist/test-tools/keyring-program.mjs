/** Opens the file store in a fresh process and does what its arguments say; prints what came of it as JSON. */
import { createFakeClock, createTestContext } from "@azidentity/core/testing";
import { fileStore } from "@azidentity/plugin-cache-persist";

const [directory, name, what, value] = process.argv.slice(2);
const clock = { ...createFakeClock(), now: Date.now, monotonic: () => performance.now() };
clock.sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
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
