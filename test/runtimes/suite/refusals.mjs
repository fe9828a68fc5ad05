/**
 * Prints what one request for a token ends with in a runtime that lacks something: "a token" or
 * code and remedy. The arguments are who requests it, what is missing, and as JSON what the options
 * are made of.
 */
import { createIdentity } from "@azidentity/core";
import { createIdentity as createIdentityInCode } from "@azidentity/core/in-code";
import { DefaultAzureCredential } from "@azidentity/identity";
import entra from "@azidentity/plugin-entra";
import external from "@azidentity/plugin-external";

const [, , kind, missing, given] = process.argv;
const { servicePrincipal, relay } = JSON.parse(given);

const { getBuiltinModule } = process;
if (missing === "process.getBuiltinModule") delete process.getBuiltinModule;
else process.getBuiltinModule = (name) => (name === missing ? undefined : getBuiltinModule(name));

const byRelay = (env) => createIdentityInCode({ plugins: [external], chain: ["relay"] }, { env });
const credentials = {
  "a config in code": () => createIdentityInCode({ plugins: [entra] }, { env: servicePrincipal }),
  "an identity": () => createIdentity({ plugins: [entra] }, { env: servicePrincipal }),
  DefaultAzureCredential: () => new DefaultAzureCredential(),
  "a relay at an address": () => byRelay(relay),
  "a relay with a name": () =>
    byRelay({ ...relay, AZIDENTITY_RELAY_URL: relay.AZIDENTITY_RELAY_URL.replace("127.0.0.1", "localhost") }),
};

let credential;
try {
  credential = credentials[kind]();
  await credential.getToken("https://storage.azure.com/.default");
  console.log("a token");
} catch ({ code, remedy, stack }) {
  console.log(code === undefined ? stack : `${code}: ${remedy}`);
}
await credential?.close();
