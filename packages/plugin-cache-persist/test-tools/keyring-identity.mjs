/**
 * Gets tokens through the file store, and prints the store's failure as `explain.last` reports it.
 */
import { createIdentity, definePlugin, defineSource } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";

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
  plugins: [definePlugin({ name: "mine", sources: [source] }), cachePersist],
  cache: { store: "file", directory: process.argv[2] },
});
for (const resource of ["vault", "storage", "database"])
  await identity.getToken(`https://${resource}.example/.default`);
console.log(JSON.stringify({ failure: identity.explain.last?.storeFailure ?? "none" }));
