/** What every source that signs in an application does alike. */

import diagnostics from "node:diagnostics_channel";
import { createIdentity, definePlugin, defineSource, type IdentityOptions } from "@azidentity/core";
import { createFakeHttp } from "@azidentity/core/testing";
import { errorOf, scope, tokenAnswer } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import entra from "../src/index.ts";
import { fixturePath } from "./certificate-fixtures.ts";

const ids = { tenantId: "contoso.com", clientId: "app" };
const job = (audience: string) => `e30.${Buffer.from(JSON.stringify({ aud: audience })).toString("base64url")}.e30`;

interface ApplicationCase {
  readonly source: string;
  readonly options?: object;
  readonly env?: Record<string, string>;
}
const cases: readonly ApplicationCase[] = [
  {
    source: "environment",
    env: { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "secret" },
  },
  { source: "client-secret", options: { ...ids, clientSecret: "secret" } },
  { source: "client-assertion", options: { ...ids, getAssertion: () => "assertion" } },
  { source: "client-certificate", options: { ...ids, certificatePath: fixturePath("pkcs8.pem") } },
  { source: "federated", options: { ...ids, assertion: "platform" } },
  {
    source: "github-actions",
    options: ids,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/job?v=1", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token" },
  },
  {
    source: "azure-pipelines",
    options: { ...ids, serviceConnectionId: "a&b=c", systemAccessToken: "token" },
    env: { SYSTEM_OIDCREQUESTURI: "https://dev.azure.test/job?v=1" },
  },
  { source: "on-behalf-of", options: { ...ids, clientSecret: "secret" } },
];

/**
 * The source over an Entra and a build service that say yes, and what they and a platform of
 * assertions were asked.
 */
function setUp({ source, options, env = {} }: ApplicationCase, config: IdentityOptions = {}) {
  const audiences: string[] = [];
  const http = createFakeHttp(({ url }) => {
    const address = new URL(url);
    if (address.pathname !== "/job") return tokenAnswer();
    audiences.push(address.searchParams.get("audience") ?? "api://AzureADTokenExchange");
    const token = job(audiences.at(-1) ?? "");
    return { body: JSON.stringify({ value: token, oidcToken: token }) };
  });
  const platform = defineSource({
    name: "platform",
    kind: "deployed",
    tenantPolicy: "fixed",
    subject: () => "platform",
    create: () => ({
      async getToken({ scopes }) {
        audiences.push(scopes[0].replace("/.default", ""));
        return { token: "assertion", tokenType: "Bearer", expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    }),
  });
  const plugins = [entra, definePlugin({ name: "test-platform", sources: [platform] })];
  const identity = createIdentity({ config: false, plugins, ...config }, { env, http, random: () => 0 });
  const given = identity.credential(source, options);
  const posts = () => http.requests.filter(({ url }) => url.includes("/oauth2/"));
  return {
    credential: source === "on-behalf-of" ? given.forUser("user") : given,
    http,
    audiences,
    urls: () => posts().map(({ url }) => new URL(url)),
    forms: () => posts().map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
  };
}

describe.each(cases)("$source", (application) => {
  it("uses its own tenant, and others that are allowed", async () => {
    const { credential, urls } = setUp(application, { additionallyAllowedTenants: ["Fabrikam.com"] });
    for (const tenantId of [undefined, "CONTOSO.com", "FABRIKAM.COM"]) await credential.getToken(scope, { tenantId });
    expect(urls().map(({ pathname }) => pathname.split("/")[1])).toEqual(["contoso.com", "fabrikam.com"]);
    expect(await errorOf(credential.getToken(scope, { tenantId: "evil.example" }))).toMatchObject({
      outcome: "misconfigured",
      code: "tenant-not-allowed",
    });
    expect(urls()).toHaveLength(2);
  });

  it("uses any tenant if all are allowed", async () => {
    const { credential, urls } = setUp(application, { additionallyAllowedTenants: ["*"] });
    await credential.getToken(scope, { tenantId: "any.example" });
    expect(urls()[0]?.pathname).toBe("/any.example/oauth2/v2.0/token");
  });

  it("keeps plain and CAE tokens apart, also for concurrent requests", async () => {
    const { credential, forms } = setUp(application);
    const asked = [false, true, false, true];
    await Promise.all(asked.map((enableCae) => credential.getToken(scope, { enableCae })));
    for (const enableCae of asked) await credential.getToken(scope, { enableCae });
    expect(forms().map(({ claims = "" }) => claims.includes("cp1"))).toEqual([false, true]);
  });

  it("bypasses its cache for the claims of a challenge", async () => {
    const { credential, forms } = setUp(application);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    for (const options of [{}, { claims }, {}]) await credential.getToken(scope, options);
    expect(forms().map((form) => form.claims?.includes("nbf") ?? false)).toEqual([false, true]);
  });

  it("sends the correlation id of its events", async () => {
    const { credential, forms } = setUp(application);
    const seen: unknown[] = [];
    const see = (message: unknown) => void seen.push(message);
    diagnostics.subscribe("azidentity:acquire", see);
    await credential.getToken(scope);
    diagnostics.unsubscribe("azidentity:acquire", see);
    const id = forms()[0]?.["client-request-id"];
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen).toContainEqual(expect.objectContaining({ source: application.source, correlationId: id }));
  });

  it.each<[string, IdentityOptions, string, string]>([
    ["public", {}, "login.microsoftonline.com", "api://AzureADTokenExchange"],
    ["government", { cloud: "government" }, "login.microsoftonline.us", "api://AzureADTokenExchangeUSGov"],
    ["china", { cloud: "china" }, "login.chinacloudapi.cn", "api://AzureADTokenExchangeChina"],
    [
      "custom",
      {
        cloud: { authorityHost: "https://login.contoso.example", tokenExchangeAudience: "api://own" },
        disableInstanceDiscovery: true,
      },
      "login.contoso.example",
      "api://own",
    ],
  ])("uses only hosts of the %s cloud, with one request for the token", async (_, config, host, audience) => {
    const { credential, http, urls, audiences } = setUp(application, config);
    await credential.getToken(scope);
    expect(urls().map((url) => url.host)).toEqual([host]);
    expect(http.requests.length).toBeLessThanOrEqual(2); // the other one is the build service's
    const own = application.source === "azure-pipelines" ? "api://AzureADTokenExchange" : audience;
    for (const one of audiences) expect(one).toBe(own);
  });
});

it("azure-pipelines sends the id of the service connection unchanged", async () => {
  const application = cases.find(({ source }) => source === "azure-pipelines") as ApplicationCase;
  const { credential, http } = setUp(application);
  await credential.getToken(scope);
  const [asked] = http.requests;
  expect(new URL(asked?.url ?? "").searchParams.get("serviceConnectionId")).toBe("a&b=c");
});
