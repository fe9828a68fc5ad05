/** A tool that uses `@azure/identity`, which needs an authentication record to find the user. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  DeviceCodeCredential,
  deserializeAuthenticationRecord,
  serializeAuthenticationRecord,
  useIdentityPlugin,
} from "@azure/identity";
import { cachePersistencePlugin } from "@azure/identity-cache-persistence";
import { describe } from "./describe.ts";

useIdentityPlugin(cachePersistencePlugin);
const scope = "https://vault.azure.net/.default";
const { RECORD_FILE: file = "record.json", CLIENT_ID, AZURE_AUTHORITY_HOST, AZURE_TENANT_ID } = process.env;

const credential = new DeviceCodeCredential({
  authorityHost: AZURE_AUTHORITY_HOST,
  tenantId: AZURE_TENANT_ID,
  clientId: CLIENT_ID,
  disableInstanceDiscovery: true, // Entra ID is on this machine
  tokenCachePersistenceOptions: { enabled: true },
  ...(existsSync(file) && { authenticationRecord: deserializeAuthenticationRecord(readFileSync(file, "utf8")) }),
  userPromptCallback: ({ message }) => console.log(message),
});
if (!existsSync(file)) {
  const record = await credential.authenticate(scope);
  if (record !== undefined) writeFileSync(file, serializeAuthenticationRecord(record));
}
console.log(describe(await credential.getToken(scope)));
