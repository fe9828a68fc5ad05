/** Listens to a Redis with a client of its own, ends that client and nothing else. Arguments: URL, library. */
import { createTestContext } from "@azidentity/core/testing";
import { openRedisStore } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { realClock } from "../test/real-clock.ts";
import { eventually } from "./eventually.ts";

const [url = "", library] = process.argv.slice(2);

async function connect() {
  if (library === "ioredis") {
    const client = new (await import("ioredis")).Redis(url);
    return { client, end: () => client.disconnect() };
  }
  const client = await (await import("redis")).createClient({ url }).connect();
  return { client: client as never, end: () => client.destroy() };
}

const key = generateKey();
const { client, end } = await connect();
const context = createTestContext({ clock: realClock });
const [one, two] = [await openRedisStore({ client, key }, context), await openRedisStore({ client, key }, context)];
let heard = false;
one.onDeleted?.(() => {
  heard = true;
});
await eventually(async () => {
  await two.delete("key");
  return heard;
});
end();
console.log("ended");
