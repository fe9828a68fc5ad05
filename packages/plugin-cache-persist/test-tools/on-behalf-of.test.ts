import { createIdentity, definePlugin, defineSource } from "@azidentity/core";
import { expect, it } from "vitest";
import cachePersist from "../src/index.ts";
import { generateKey } from "../src/seal/keys.ts";
import { startRedis } from "./redis-server.ts";

const scope = "https://graph.microsoft.com/.default";
const key = generateKey();

/** A source that counts its requests on behalf of users. */
function createEntra() {
  const entra = { requests: 0 };
  const source = defineSource({
    name: "on-behalf",
    kind: "deployed",
    tenantPolicy: "fixed",
    supports: ["user-assertion"],
    subject: () => "app",
    create: (_, { clock }) => ({
      getToken: async ({ userAssertion }) => {
        const token = `${userAssertion}-${++entra.requests}`;
        return { token, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
      },
    }),
  });
  return { entra, plugin: definePlugin({ name: "on-behalf", sources: [source] }) };
}

it("ten nodes with one Redis send one request per user, and after a challenge none serves the refused token", async () => {
  await using redis = await startRedis();
  const { entra, plugin } = createEntra();
  const cache = { store: "redis", url: redis.url, key };
  const createNode = () => createIdentity({ config: false, plugins: [plugin, cachePersist], cache }, { env: {} });
  const nodes = Array.from({ length: 10 }, createNode);
  const getToken = (node: ReturnType<typeof createNode>, user: string, options = {}) =>
    node.credential("on-behalf").forUser(user).getToken(scope, options);
  try {
    const users = ["ann", "bob", "eve"];
    const tokens = await Promise.all(nodes.flatMap((node) => users.map((user) => getToken(node, user))));
    expect(entra.requests).toBe(3);
    expect(tokens.every(({ token }, n) => token.startsWith(users[n % 3] ?? "-"))).toBe(true);
    const refused = (await getToken(nodes[0] as never, "ann")).token;
    const renewed = (await getToken(nodes[0] as never, "ann", { claims: "{}" })).token;
    expect(renewed).not.toBe(refused);
    const later = Array.from({ length: 10 }, createNode);
    nodes.push(...later);
    for (const node of later) expect((await getToken(node, "ann")).token).toBe(renewed);
    expect(entra.requests).toBe(4);
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
});
