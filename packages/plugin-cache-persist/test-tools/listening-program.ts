/**
 * Subscribes to deletions in Redis, then closes its client and nothing else. Arguments: URL,
 * library.
 */
import { createTestContext } from "@azidentity/core/testing";
import { openRedisStore } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { realClock } from "../test/real-clock.ts";
import { eventually } from "./eventually.ts";

const [url = "", library] = process.argv.slice(2);

async function connect() {
  if (library === "ioredis") {
    const client = new (await import("ioredis")).Redis(url);
    return { client, close: () => client.disconnect() };
  }
  const client = await (await import("redis")).createClient({ url }).connect();
  return { client: client as never, close: () => client.destroy() };
}

const key = generateKey();
const { client, close } = await connect();
const context = createTestContext({ clock: realClock });
const [one, two] = [await openRedisStore({ client, key }, context), await openRedisStore({ client, key }, context)];
let received = false;
one.onDeleted?.(() => {
  received = true;
});
await eventually(async () => {
  await two.delete("key");
  return received;
});
close();
console.log("ended");
