import { createIdentity, definePlugin } from "@azidentity/core";
import { createFakeHttp } from "@azidentity/core/testing";
import { createDeveloper, errorOf } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";

const scope = "https://vault.azure.net/.default";
const ids = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };
const connection = {
  SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/oidctoken",
  AZURESUBSCRIPTION_CLIENT_ID: "app",
  AZURESUBSCRIPTION_TENANT_ID: "contoso.com",
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection",
  SYSTEM_ACCESSTOKEN: "canary",
};

/** A signed-in developer, last in the default chain. */
const developer = definePlugin({ name: "developer", sources: [createDeveloper("developers").source] });

function identityIn(env: Readonly<Record<string, string>>, config: object = {}) {
  const http = createFakeHttp({ status: 404, body: "" });
  const plugins = [entra, developer];
  return { http, identity: createIdentity({ config: false, plugins, ...config }, { env, http }) };
}

describe.each(["", "  \n"])(
  "%j as the value of a variable that completes others stops the default chain",
  (nothing) => {
    it.each<[string, Readonly<Record<string, string>>]>([
      ["AZURE_CLIENT_SECRET", { ...ids }],
      ["AZURE_CLIENT_CERTIFICATE_PATH", { ...ids }],
      ["AZURE_PASSWORD", { ...ids, AZURE_USERNAME: "ann@contoso.example" }],
      ["AZURE_USERNAME", { ...ids, AZURE_PASSWORD: "canary" }],
      ["SYSTEM_ACCESSTOKEN", connection],
      ["AZURESUBSCRIPTION_CLIENT_ID", connection],
      ["AZURESUBSCRIPTION_TENANT_ID", connection],
      ["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", connection],
      ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", { ...ids, ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/idtoken" }],
      ["ACTIONS_ID_TOKEN_REQUEST_URL", { ...ids, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary" }],
    ])("%s", async (name, beside) => {
      const { identity, http } = identityIn({ ...beside, [name]: nothing });
      const error = await errorOf(identity.getToken(scope));
      expect(error).toMatchObject({ outcome: "misconfigured", code: "empty-variable" });
      expect(error.message).toContain(name);
      expect(error.remedy).toContain(`Give ${name} a value`);
      expect(http.requests).toEqual([]);
    });
  },
);

it("the config's tenant completes an empty secret to a misconfiguration", async () => {
  const { identity } = identityIn({ AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "" }, { tenantId: "contoso.com" });
  expect(await errorOf(identity.credential("environment").getToken(scope))).toMatchObject({ code: "empty-variable" });
});

it.each<[string, Readonly<Record<string, string>>]>([
  ["all of a service principal's", { AZURE_TENANT_ID: "", AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" }],
  ["all but the tenant's, which is no evidence", { ...ids, AZURE_CLIENT_ID: "", AZURE_CLIENT_SECRET: "" }],
  ["both of a job's service", { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" }],
  [
    "the job's access token, where no application is named",
    { SYSTEM_OIDCREQUESTURI: "https://x.test", SYSTEM_ACCESSTOKEN: "" },
  ],
])("variables that are all empty count as unset: %s", async (_, env) => {
  const { identity } = identityIn(env);
  expect(
    (await identity.chain(["environment", "azure-pipelines", "github-actions", "azure-cli"]).getToken(scope)).token,
  ).toBe("developers");
});

it("an empty secret is ignored if a certificate authenticates the same application", async () => {
  const { identity } = identityIn({ ...ids, AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: "/nowhere.pem" });
  expect(await errorOf(identity.credential("environment").getToken(scope))).toMatchObject({
    code: "unreadable-certificate",
  });
});
