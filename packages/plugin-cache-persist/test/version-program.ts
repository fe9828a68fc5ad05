/**
 * Opens the file store of this version of the package; stores a value if there is an argument for
 * it, and prints the stored value.
 */
import { createTestContext } from "@azidentity/core/testing";
import { openFileStore } from "../src/file/open.ts";
import { realClock } from "./real-clock.ts";

const [directory, key, value] = process.argv.slice(2);
const store = await openFileStore({ directory, key }, createTestContext({ clock: realClock }));
if (value !== undefined) await store.set("key", new TextEncoder().encode(value), Date.now() + 3_600_000);
const found = await store.get("key");
console.log(found === undefined ? "nothing" : new TextDecoder().decode(found));
await store[Symbol.asyncDispose]?.();
