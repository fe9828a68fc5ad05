/**
 * From the start of a process to a token of the Azure CLI from the file store. The parent process
 * counts the runs of `az`.
 */
const started = performance.now();
const { createIdentity } = await import("@azidentity/core");
const { default: cachePersist } = await import("@azidentity/plugin-cache-persist");
const { default: devTools } = await import("@azidentity/plugin-dev-tools");
const [directory] = process.argv.slice(2);

const identity = createIdentity({
  config: false,
  plugins: [devTools, cachePersist],
  chain: ["azure-cli"],
  cache: { store: "file", directory },
});
await identity.getToken("https://storage.azure.com/.default");
console.log(performance.now() - started);
process.exit();
