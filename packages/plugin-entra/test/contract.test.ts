import { type SourceLookup, services, type TokenRequest } from "@azidentity/core/plugin";
import { createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import { tokenAnswer } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixtureText } from "./certificate-fixtures.ts";

const ids = { tenantId: "contoso.com", clientId: "app" };
const jobToken = `e30.${Buffer.from('{"aud":"api://AzureADTokenExchange"}').toString("base64url")}.e30`;
/** Answers as a build service and as Entra do. */
const working = () => ({
  http: createFakeHttp(({ url }) =>
    url.includes("oauth2") ? tokenAnswer() : { body: JSON.stringify({ value: jobToken, oidcToken: jobToken }) },
  ),
});
/** Finds one source, whose token it is easy to find wherever it is shown. */
const lookup: SourceLookup = {
  credential: () => ({
    getToken: async () => ({
      token: "canary-of-the-platform",
      tokenType: "Bearer",
      expiresOnTimestamp: Date.now() + 1e6,
    }),
  }),
};

interface Case {
  readonly options?: object;
  readonly env?: Record<string, string>;
  readonly request?: Partial<TokenRequest>;
}

const cases: Record<string, Case> = {
  environment: { env: { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "canary" } },
  "client-secret": { options: { ...ids, clientSecret: "canary" } },
  "client-assertion": { options: { ...ids, getAssertion: async () => "canary-assertion" } },
  "client-certificate": { options: { ...ids, certificate: fixtureText("chain.pem") } },
  "github-actions": {
    options: ids,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken?v=1", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary" },
  },
  federated: { options: { ...ids, assertion: "platform" } },
  "on-behalf-of": {
    options: { ...ids, clientSecret: "canary" },
    request: { userAssertion: "canary-of-the-user" },
  },
  "azure-pipelines": {
    options: { ...ids, serviceConnectionId: "connection", systemAccessToken: "canary" },
    env: { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken" },
  },
};

it("the contract tests cover every source", () => {
  expect(entra.sources.map(({ name }) => name).sort()).toEqual(Object.keys(cases).sort());
});

describe.each(entra.sources)("$name", (source) => {
  const { options = {}, env = {}, request = {} } = cases[source.name] ?? {};
  const found = new Map<symbol, unknown>([[services.sourceLookup, lookup]]);
  const subject = { source, options: { ...options }, env, request, services: found, working, secrets: ["canary"] };
  testCredentialSource({ it }, subject);
});
