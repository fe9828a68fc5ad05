/**
 * A node of a web API: gets a caller from its parent process, and replies with a token. Its options
 * are in the environment.
 */
import { createIdentity, type GetTokenOptions } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";

const { AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = process.env;
const identity = createIdentity({
  config: false,
  plugins: [entra, cachePersist],
  cache: { store: "redis", url: { env: "REDIS_URL" } },
});
const onBehalfOf = identity.credential("on-behalf-of", { clientId, clientSecret });

export interface TokenCall extends GetTokenOptions {
  readonly caller: string;
}

process.on("message", async ({ caller, ...options }: TokenCall) => {
  try {
    const { token } = await onBehalfOf.forUser(caller).getToken("https://vault.azure.net/.default", options);
    process.send?.({ token });
  } catch (error) {
    process.send?.({ error: (error as Error).message });
  }
});
process.on("disconnect", () => identity.close());
