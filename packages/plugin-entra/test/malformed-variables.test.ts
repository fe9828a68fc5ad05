import { createIdentity } from "@azidentity/core";
import { createFakeHttp } from "@azidentity/core/testing";
import { errorOf, scope } from "@azidentity/test-support";
import { expect, it } from "vitest";
import entra from "../src/index.ts";

type Env = Readonly<Record<string, string>>;

const application = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app" };
const secret = { ...application, AZURE_CLIENT_SECRET: "canary" };
const certificate = { ...application, AZURE_CLIENT_CERTIFICATE_PATH: "/canary.pem" };
const github = {
  ...application,
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://canary.example/",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary",
};
const pipelines = {
  SYSTEM_OIDCREQUESTURI: "https://canary.example/",
  SYSTEM_ACCESSTOKEN: "canary",
  AZURESUBSCRIPTION_TENANT_ID: "contoso.com",
  AZURESUBSCRIPTION_CLIENT_ID: "app",
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "canary",
};

type Source = "environment" | "github-actions" | "azure-pipelines";
const damaged: readonly (readonly [Source, string, Env])[] = [
  ["environment", "AZURE_TENANT_ID", secret],
  ["environment", "AZURE_CLIENT_ID", secret],
  ["environment", "AZURE_CLIENT_SECRET", secret],
  ["environment", "AZURE_CLIENT_CERTIFICATE_PATH", certificate],
  ["github-actions", "AZURE_CLIENT_ID", github],
  ["github-actions", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", github],
  ["azure-pipelines", "AZURESUBSCRIPTION_CLIENT_ID", pipelines],
  ["azure-pipelines", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", pipelines],
  ["azure-pipelines", "SYSTEM_ACCESSTOKEN", pipelines],
];
it.each(damaged)(
  "%s names %s where it ends in a line break or stands in quotes, and sends nothing",
  async (source, name, env) => {
    for (const [change, problem] of [
      [(value: string) => `${value}\n`, "ends in a line break"],
      [(value: string) => `"${value}"`, "stands in quotes"],
    ] as const) {
      const http = createFakeHttp();
      const changed = { ...env, [name]: change(env[name] ?? "") };
      await using identity = createIdentity({ config: false, plugins: [entra] }, { env: changed, http });
      const error = await errorOf(identity.chain([source]).getToken(scope));
      expect(error).toMatchObject({ code: "malformed-variable", outcome: "misconfigured" });
      expect(error.message).toContain(`${source}: ${name} ${problem}. `);
      expect(error.message).not.toMatch(/canary|\n/);
      expect(http.requests).toEqual([]);
    }
  },
);

it("a reference names the variable that ends in a line break", async () => {
  await using identity = createIdentity(
    { config: false, plugins: [entra] },
    { env: { MY_SECRET: "canary\n" }, http: createFakeHttp() },
  );
  const options = { tenantId: "contoso.com", clientId: "app", clientSecret: { env: "MY_SECRET" } };
  const error = await errorOf(identity.credential("client-secret", options).getToken(scope));
  expect(error).toMatchObject({ code: "malformed-variable" });
  expect(error.message).toContain("refers to the variable MY_SECRET, which ends in a line break.");
  expect(error.message).not.toContain("canary");
});
