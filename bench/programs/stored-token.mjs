/** From the start of a process to a token of a developer's tool: out of the file store, or from the tool itself when nothing is stored yet. */
import { statSync } from "node:fs";

const started = performance.now();
const { createIdentity, definePlugin, defineSource } = await import("@azidentity/core");
const { default: cachePersist } = await import("@azidentity/plugin-cache-persist");
const [directory] = process.argv.slice(2);

const tool = defineSource({
  name: "tool",
  kind: "developer",
  priority: 1,
  tenants: "any",
  subject: () => "the signed-in account",
  accountState: () => String(statSync("/etc/passwd", { throwIfNoEntry: false })?.mtimeMs), // as a tool's profile is looked at
  create: (_, { clock }) => ({
    async getToken() {
      console.error("the tool was run");
      return { token: "t".repeat(1_600), expiresOnTimestamp: clock.now() + 3_600_000, tokenType: "Bearer" };
    },
  }),
});
const plugins = [definePlugin({ name: "tool", sources: [tool] }), cachePersist];
const identity = createIdentity({ config: false, plugins, cache: { store: "file", directory } });
await identity.getToken("https://storage.azure.com/.default");
console.log(performance.now() - started);
process.exit();
