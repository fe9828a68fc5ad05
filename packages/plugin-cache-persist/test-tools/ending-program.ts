/**
 * Gets a token through a store in Redis, prints it, waits for the end of its input, and closes
 * nothing. Arguments: library; URLs separated by commas (several: nodes of a cluster).
 */

import { createIdentity, definePlugin, defineSource } from "@azidentity/core";
import type { ServiceProvider, TokenStore } from "@azidentity/core/plugin";
import { defineTokenStore } from "@azidentity/core/store";
import { withIoredis, withNodeRedis } from "../src/redis/connect.ts";
import { openRedisStore } from "../src/redis/open.ts";
import { generateKey } from "../src/seal/keys.ts";

const [library, urlList = ""] = process.argv.slice(2);
const urls = urlList.split(",");

const store: ServiceProvider<TokenStore, object> = defineTokenStore({
  name: "mine",
  async create(_, context) {
    const connect = library === "ioredis" ? withIoredis : withNodeRedis;
    const target = { urls, cluster: urls.length > 1, timeoutMs: 500, clock: context.clock };
    const { client, connected } = await connect(target);
    connected.catch(() => undefined);
    return openRedisStore({ client, key: generateKey() }, context);
  },
});
const source = defineSource({
  name: "app",
  kind: "deployed",
  priority: 1,
  tenantPolicy: "fixed",
  subject: () => "app",
  create: (_, { clock }) => ({
    getToken: async () => ({ token: "token", expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" }),
  }),
});
const identity = createIdentity({
  config: false,
  plugins: [definePlugin({ name: "mine", sources: [source], services: [store] })],
  cache: { store: "mine" },
  log: { level: "error" },
});
const { token } = (await identity.getToken("https://vault.azure.net/.default")) ?? {};
console.log(token);
for await (const _ of process.stdin);
