// Two connections to a Redis that knows the object id of the principal; the client reads it from
// the token.
import { DefaultAzureCredential } from "@azure/identity";
import { createClient } from "@redis/client";
import { EntraIdCredentialsProviderFactory, REDIS_SCOPE_DEFAULT } from "@redis/entraid";

for (let count = 0; count < 2; count++) {
  const credentialsProvider = EntraIdCredentialsProviderFactory.createForDefaultAzureCredential({
    credential: new DefaultAzureCredential(),
    scopes: REDIS_SCOPE_DEFAULT,
    tokenManagerConfig: { expirationRefreshRatio: 0.8 },
  });
  const client = createClient({ url: process.env.REDIS, credentialsProvider });
  await client.connect();
  console.log(await client.sendCommand(["ACL", "WHOAMI"]));
  await client.close();
}
process.exit();
