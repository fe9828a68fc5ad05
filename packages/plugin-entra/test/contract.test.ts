import { createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixtureText } from "./certificate-fixtures.ts";
import { tokenAnswer } from "./source-context.ts";

const ids = { tenantId: "contoso.com", clientId: "app" };
const jobToken = `e30.${Buffer.from('{"aud":"api://AzureADTokenExchange"}').toString("base64url")}.e30`;
/** Answers as a build service and as Entra do. */
const working = () => ({
  http: createFakeHttp(({ url }) =>
    url.includes("oauth2") ? tokenAnswer() : { body: JSON.stringify({ value: jobToken, oidcToken: jobToken }) },
  ),
});

const cases: Record<string, { readonly options?: object; readonly env?: Record<string, string> }> = {
  environment: { env: { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "canary" } },
  "client-secret": { options: { ...ids, clientSecret: "canary" } },
  "client-assertion": { options: { ...ids, getAssertion: async () => "canary-assertion" } },
  "client-certificate": { options: { ...ids, certificate: fixtureText("chain.pem") } },
  "github-actions": {
    options: ids,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary" },
  },
  "azure-pipelines": {
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken: "canary" },
    env: { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" },
  },
};

describe.each(entra.sources.filter(({ name }) => name in cases))("$name", (source) => {
  const { options = {}, env = {} } = cases[source.name] ?? {};
  testCredentialSource({ it, expect }, { source, options: { ...options }, env, working, secrets: ["canary"] });
});
