/** Gets a token and prints it. Arguments: folder, URL of a server that counts its requests. */
import { createIdentity, definePlugin, defineSource } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";

const [directory, url] = process.argv.slice(2);
const source = defineSource({
  name: "counting",
  kind: "deployed",
  deadlineMs: 120_000, // starting many programs at once is slow
  priority: 1,
  tenantPolicy: "fixed",
  subject: () => "app",
  create: (_, { http, clock }) => ({
    async getToken({ signal }) {
      const { body } = await http.send({ method: "POST", url, proxy: "never" }, signal);
      return { token: body, expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
    },
  }),
});
const identity = createIdentity({
  config: false,
  plugins: [definePlugin({ name: "counting", sources: [source] }), cachePersist],
  cache: { store: "file", directory },
});
console.log((await identity.getToken("https://vault.azure.net/.default")).token);
await identity.close();
