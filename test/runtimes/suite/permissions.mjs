/** Prints what one request for a token ends with: "a token", or code and remedy. The argument is a source. */
import { createIdentity } from "@azidentity/core";
import { createIdentity as createIdentityInCode } from "@azidentity/core/in-code";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";

const [, , kind, tenantId, clientId, clientSecret, authorityHost] = process.argv;
const secret = { source: "client-secret", options: { tenantId, clientId, clientSecret } };
const env = { AZURE_AUTHORITY_HOST: authorityHost };
const identities = {
  "a config file": () => createIdentity({ plugins: [entra] }),
  "a config in code": () => createIdentityInCode({ plugins: [entra], chain: [secret] }, { env }),
  "a secret in a file": () => {
    const chain = [{ ...secret, options: { ...secret.options, clientSecret: { file: "package.json" } } }];
    return createIdentityInCode({ plugins: [entra], chain }, { env });
  },
  "a program": () => {
    const own = { PATH: "/tmp:/usr/bin:/bin" };
    return createIdentityInCode({ plugins: [devTools], chain: ["azure-cli"] }, { env: own });
  },
};
const identity = identities[kind]();
const ended = await identity.getToken("https://storage.azure.com/.default").then(
  () => "a token",
  ({ code, remedy }) => `${code}: ${remedy}`,
);
console.log(ended);
await identity.close();
