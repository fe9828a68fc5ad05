/**
 * Prints what one request for a token ends with, "a token" or code and remedy, and what was logged
 * before. The argument says who requests it; a second one has, as JSON, what its options are made
 * of.
 */
import { createIdentity } from "@azidentity/core";
import { createIdentity as createIdentityInCode } from "@azidentity/core/in-code";
import { DefaultAzureCredential } from "@azidentity/identity";
import cachePersist from "@azidentity/plugin-cache-persist";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";

const [, , kind, given] = process.argv;
const { tenantId, clientId, clientSecret, authorityHost, directory, programs, imds } = JSON.parse(given);
const secret = { source: "client-secret", options: { tenantId, clientId, clientSecret } };
const env = { AZURE_AUTHORITY_HOST: authorityHost, PATH: `${programs}:/usr/bin:/bin` };
const ignore = () => {};
const logger = { error: ignore, warn: (text) => console.log(text), info: ignore, debug: ignore };
const inCode = (options, more) => createIdentityInCode(options, { env: { ...env, ...more }, logger });
const withStore = (own) =>
  inCode({ plugins: [entra, cachePersist], chain: [secret], cache: { store: "file", directory, ...own } });

const credentials = {
  "a config file": () => createIdentity({ plugins: [entra] }),
  "a config in code": () => inCode({ plugins: [entra], chain: [secret] }),
  "a secret in a file": () => {
    const chain = [{ ...secret, options: { ...secret.options, clientSecret: { file: "/etc/hostname" } } }];
    return inCode({ plugins: [entra], chain });
  },
  "a certificate in a file": () => {
    const options = { tenantId, clientId, certificatePath: "/etc/hostname" };
    return inCode({ plugins: [entra], chain: [{ source: "client-certificate", options }] });
  },
  "a program": () => inCode({ plugins: [devTools], chain: ["azure-cli"] }, { AZURE_CONFIG_DIR: directory }),
  "a metadata service": () => inCode({ plugins: [managedIdentity], chain: ["managed-identity"] }, imds),
  "a default chain": () => inCode({ plugins: [entra, managedIdentity, devTools] }),
  "a token store": () => withStore({ key: Buffer.alloc(32, 7).toString("base64") }),
  "a token store with a keyring": () => withStore({}),
  DefaultAzureCredential: () => new DefaultAzureCredential(),
};

let credential;
try {
  credential = credentials[kind]();
  await credential.getToken("https://storage.azure.com/.default");
  console.log("a token");
} catch ({ code, remedy }) {
  console.log(`${code}: ${remedy}`);
}
await credential?.close();
