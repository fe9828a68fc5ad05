/**
 * Uses a plugin of Microsoft's as its README does, with one of both libraries, and prints what came
 * of it as JSON. Arguments: `peer` or `ours`; who signs in, `user` or `application`; the resources,
 * one token of each; `cae` for tokens with Continuous Access Evaluation. A record of the user is
 * read from the home folder, and written there.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePersistencePlugin } from "@azure/identity-cache-persistence";

const [library, who, ...rest] = process.argv.slice(2);
const enableCae = rest.includes("cae");
const resources = rest.filter((word) => word !== "cae");
const { ClientSecretCredential, DeviceCodeCredential, ...identity } = await import(
  library === "peer" ? "@azure/identity" : "@azidentity/identity"
);
identity.useIdentityPlugin(cachePersistencePlugin);

const { AUTHORITY, TENANT, CLIENT, SECRET, HOME } = process.env;
const recordFile = join(HOME, "record.json");
let prompts = 0;

const options = {
  authorityHost: AUTHORITY,
  disableInstanceDiscovery: true,
  tokenCachePersistenceOptions: { enabled: true },
};

async function user() {
  const authenticationRecord = existsSync(recordFile)
    ? identity.deserializeAuthenticationRecord(readFileSync(recordFile, "utf8"))
    : undefined;
  const credential = new DeviceCodeCredential({
    ...options,
    tenantId: TENANT,
    clientId: CLIENT,
    authenticationRecord,
    userPromptCallback({ message }) {
      prompts += 1;
      console.error(message);
    },
  });
  if (authenticationRecord === undefined) {
    const record = await credential.authenticate(resources[0], { enableCae });
    writeFileSync(recordFile, identity.serializeAuthenticationRecord(record));
  }
  return credential;
}

try {
  const credential = who === "user" ? await user() : new ClientSecretCredential(TENANT, CLIENT, SECRET, options);
  const subjects = [];
  for (const resource of resources) {
    const { token } = await credential.getToken(resource, { enableCae });
    subjects.push(JSON.parse(Buffer.from(token.split(".")[1], "base64url")).oid);
  }
  console.log(JSON.stringify({ library, prompts, subjects }));
} catch (error) {
  console.log(JSON.stringify({ library, prompts, error: error.message }));
}
