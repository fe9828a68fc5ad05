import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    tenants: [
      { tenantId, domains: ["contoso.example"], users: [{ username: "ann@contoso.example", password: "s3cret" }] },
    ],
  });
});
afterAll(() => emulator.close());

it.each([
  [tenantId, tenantId, tenantId],
  ["contoso.example", tenantId, tenantId],
  ["common", "{tenantid}", "common"],
  ["organizations", "{tenantid}", "organizations"],
])("the discovery document of %s contains its issuer and endpoints", async (name, issuer, tenant) => {
  const { authorityHost } = emulator;
  const { json } = await send(emulator, `/${name}/v2.0/.well-known/openid-configuration`);
  expect(json).toMatchObject({
    issuer: `${authorityHost}/${issuer}/v2.0`,
    authorization_endpoint: `${authorityHost}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${authorityHost}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${authorityHost}/${tenant}/discovery/v2.0/keys`,
  });
});

it.each([
  ["login.microsoftonline.com", "login.microsoftonline.com"],
  ["login.windows.net", "login.microsoftonline.com"],
  ["westeurope.login.microsoft.com", "login.microsoftonline.com"],
  ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
])(
  "the discovery document under the host name %s contains endpoints of that name and the issuer %s",
  async (host, issuer) => {
    const { json } = await send(emulator, `/${tenantId}/v2.0/.well-known/openid-configuration`, { headers: { host } });
    expect(json).toMatchObject({
      issuer: `https://${issuer}/${tenantId}/v2.0`,
      token_endpoint: `https://${host}/${tenantId}/oauth2/v2.0/token`,
    });
  },
);

it("the discovery document of an unknown tenant is an error response", async () => {
  const answer = await send(emulator, "/tailspin.example/v2.0/.well-known/openid-configuration");
  expect(answer).toMatchObject({ status: 400, json: { error_codes: [90002] } });
});

it("the signing keys are the same for every tenant and under common", async () => {
  const answers = await Promise.all([
    send(emulator, `/${tenantId}/discovery/v2.0/keys`),
    send(emulator, "/common/discovery/v2.0/keys"),
  ]);
  expect(answers[0]?.json).toEqual({
    keys: [{ kty: "RSA", use: "sig", kid: expect.any(String), n: expect.any(String), e: "AQAB" }],
  });
  expect(answers[1]?.json).toEqual(answers[0]?.json);
});

describe("instance discovery", () => {
  const discover = (endpoint: string) =>
    send(emulator, `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`);

  it("instance discovery accepts the emulator and the clouds", async () => {
    const { host } = new URL(emulator.authorityHost);
    const { json } = await discover(`${emulator.authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
    expect(json).toMatchObject({
      tenant_discovery_endpoint: `${emulator.authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`,
      metadata: [
        { aliases: [host] },
        { preferred_cache: "login.windows.net" },
        { preferred_cache: "login.partner.microsoftonline.cn" },
        { preferred_cache: "login.microsoftonline.us" },
      ],
    });
    expect((await discover("https://login.windows.net/common/oauth2/v2.0/authorize")).status).toBe(200);
  });

  it.each(["https://login.example/common/authorize", "http://login.windows.net/common", "nonsense"])(
    "instance discovery rejects %s",
    async (endpoint) => {
      const answer = await discover(endpoint);
      expect(answer).toMatchObject({ status: 400, json: { error: "invalid_instance", error_codes: [50049] } });
    },
  );
});

it.each([
  ["Ann@Contoso.example", { account_type: "Managed", domain_name: "contoso.example" }],
  ["bob@contoso.example", { account_type: "Unknown" }],
])("user realm discovery returns for %s the realm %j", async (username, realm) => {
  const { status, json } = await send(emulator, `/common/userrealm/${encodeURIComponent(username)}?api-version=1.0`);
  expect(status).toBe(200);
  expect(json).toMatchObject(realm);
});
