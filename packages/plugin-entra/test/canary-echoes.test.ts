import { type EchoCase, secretsToEcho, testEchoes } from "@azidentity/test-support";
import entra from "../src/index.ts";
import { hurried } from "./hurried.ts";

/** In quotes, a variable would be refused before anything is sent. */
const secrets = secretsToEcho.filter((secret) => !/^(["']).*\1$/.test(secret));

const ids = { tenantId: "contoso.com", clientId: "app" };
const job = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1" };
const pipeline = { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" };
const names = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };

/** What each source is given that it sends. */
const cases: Readonly<Record<string, (secret: string) => EchoCase>> = {
  "client-secret": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  "client-assertion": (assertion) => ({ options: { ...ids, getAssertion: async () => assertion } }),
  "on-behalf-of": (clientSecret) => ({ options: { ...ids, clientSecret } }),
  environment: (secret) => ({ env: { ...names, AZURE_CLIENT_SECRET: secret } }),
  "azure-pipelines": (systemAccessToken) => ({
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken },
    env: pipeline,
  }),
  "github-actions": (token) => ({ options: ids, env: { ...job, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } }),
};

testEchoes({ plugin: entra, cases, secrets, clock: { sleep: hurried } });
