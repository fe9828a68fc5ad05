/**
 * Stores whose packages a bundle does not contain: a Redis client, the keyring, the store of the
 * drop-in.
 */
import { createIdentity } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";
import { ClientSecretCredential } from "@azure/identity";
import { report } from "./report.mjs";

const scope = "https://storage.azure.com/.default";
const { TENANT, CLIENT, SECRET, CACHE } = process.env;

async function principal(cache) {
  const identity = createIdentity({ config: false, plugins: [entra, cachePersist], chain: ["environment"], cache });
  await identity.getToken(scope).finally(() => identity.close());
  return identity.explain.last.principal.clientId;
}

report("stores", async () => {
  const found = {
    redis: await principal({ store: "redis", url: "redis://127.0.0.1:9", key: "ab".repeat(32) }),
    file: await principal({ store: "file", directory: CACHE }),
  };
  return { ...found, loaded: globalThis.loaded ?? [] };
});
report("the store of the drop-in", async () => {
  const persistent = { tokenCachePersistenceOptions: { enabled: true } };
  await new ClientSecretCredential(TENANT, CLIENT, SECRET, persistent).getToken(scope);
  return "a token";
});
