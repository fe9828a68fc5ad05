import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type PlainRequest, requestToken, send, tokenForm } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const now = 1_800_000_000_000;
const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const clientId = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";
const ann = { username: "ann@contoso.example", password: "s3cret", objectId: "O-ann" };
const other = { tenantId: "T2", applications: [{ clientId: "A2", secrets: ["S2"], identifierUris: ["api://orders"] }] };

let emulator: Emulator;
let classic: Emulator;
beforeAll(async () => {
  const application = { clientId, identifierUris: ["api://orders"] };
  emulator = await startEmulator({ tenants: [{ tenantId, applications: [application], users: [ann] }, other] });
  classic = await startEmulator({ tenants: [{ applications: [{ ...application, accessTokenVersion: 1 }] }] });
});
beforeEach(() => {
  for (const each of [emulator, classic]) {
    each.clock.set(now);
    each.faults.clear();
  }
});
afterAll(async () => {
  await emulator.close();
  await classic.close();
});

async function getToken(from: Emulator, changes: Record<string, string> = {}): Promise<string> {
  const { json } = await requestToken(from, { scope: from.api.scope, ...changes });
  return (json as { access_token: string }).access_token;
}
const cae = { claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}' };
const call = (from: Emulator, token?: string, options: PlainRequest = {}) =>
  send(from, from.api.url, { ...options, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

it("the API returns the claims of a v2.0 token", async () => {
  const { status, json } = await call(emulator, await getToken(emulator), { method: "POST", body: "Hi" });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    claims: { iss: `${emulator.authorityHost}/${tenantId}/v2.0`, aud: clientId, azp: clientId, ver: "2.0" },
    body: "Hi",
  });
});

it("the API accepts v1.0 tokens of an application with accessTokenVersion 1", async () => {
  const { json } = await call(classic, await getToken(classic));
  expect(json).toMatchObject({
    claims: { iss: `https://sts.windows.net/${classic.tenantId}/`, aud: "api://orders", ver: "1.0" },
  });
});

it("the API accepts a v2.0 token that a client has received through a proxy from a regional host", async () => {
  const { tenantId: tenant, application, api } = emulator;
  const answer = await send(emulator, `/${tenant}/oauth2/v2.0/token/`, {
    form: tokenForm(emulator, { scope: api.scope }),
    headers: { host: "westeurope.login.microsoft.com" },
  });
  const { json } = await call(emulator, (answer.json as { access_token: string }).access_token);
  expect(json).toMatchObject({
    claims: { iss: `https://login.microsoftonline.com/${tenant}/v2.0`, aud: application.clientId },
  });
});

it("the API accepts the token of a user", async () => {
  const token = await emulator.issueUserToken(ann);
  expect((await call(emulator, token)).json).toMatchObject({ claims: { oid: ann.objectId, scp: "access_as_user" } });
});

it("the API answers a request without a token with a challenge that names the authority", async () => {
  const { status, headers } = await call(emulator);
  expect([status, headers["www-authenticate"]]).toEqual([
    401,
    `Bearer realm="", authorization_uri="${emulator.authorityHost}/${tenantId}/oauth2/v2.0/authorize"`,
  ]);
});

it.each([
  ["for another audience", () => getToken(emulator, { scope: "https://vault.azure.net/.default" })],
  [
    "of another tenant",
    () => getToken({ ...emulator, tenantId: "T2" }, { client_id: "A2", client_secret: "S2", scope: "A2/.default" }),
  ],
  ["of another authority", () => getToken(classic)],
  ["that is none", async () => "nonsense"],
  [
    "that has expired",
    async () => {
      const token = await getToken(emulator);
      emulator.clock.advance(3_600_000);
      return token;
    },
  ],
  [
    "that is not valid yet",
    async () => {
      const token = await getToken(emulator);
      emulator.clock.advance(-1000);
      return token;
    },
  ],
  [
    "that was revoked, without a claims challenge for a client without cp1",
    async () => {
      const token = await getToken(emulator);
      emulator.revokeSession();
      return token;
    },
  ],
])("the API refuses a token %s", async (_, makeToken) => {
  const { status, headers, json } = await call(emulator, await makeToken());
  expect(status).toBe(401);
  expect(headers["www-authenticate"]).toMatch(/^Bearer .*, error="invalid_token", error_description="[^"]+"$/);
  expect(json).toMatchObject({ error: { code: "Unauthorized" } });
});

it("the API answers a revoked token with a claims challenge for a later one", async () => {
  const revoked = await getToken(emulator, cae);
  emulator.revokeSession();
  const { status, headers } = await call(emulator, revoked);
  const [, claims = ""] =
    /error="insufficient_claims", claims="([^"]+)"$/.exec(headers["www-authenticate"] ?? "") ?? [];
  expect(status).toBe(401);
  expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
    access_token: { nbf: { essential: true, value: String(now / 1000) } },
  });
  expect((await call(emulator, await getToken(emulator, cae))).status).toBe(200);
});

it("the API refuses only the tokens of the user whose session was revoked", async () => {
  const token = await emulator.issueUserToken(ann);
  emulator.revokeSession(ann.objectId);
  expect((await call(emulator, token)).status).toBe(401);
  expect((await call(emulator, await getToken(emulator))).status).toBe(200);
});

it.each([
  [{ status: 429 }, 429, "TooManyRequests"],
  [{ status: 503 }, 503, "InternalServerError"],
  [{ challenge: "cae-after-pop" }, 401, "Unauthorized"],
] as const)("a fault at the API %j produces an error response of the API", async (fault, status, code) => {
  emulator.faults.add({ service: "api", ...fault });
  const answer = await call(emulator, await getToken(emulator));
  expect(answer).toMatchObject({ status, json: { error: { code } } });
  if (status === 401) expect(answer.headers["www-authenticate"]).toMatch(/^PoP .*, Bearer /);
});

it.each([{ error: 50076 }, { challenge: "azure-arc" }, { expiry: "none" }] as const)(
  "a fault at the API cannot be %j, which only other services support",
  async (fault) => {
    emulator.faults.add({ service: "api", ...fault });
    const { status, json } = await call(emulator, await getToken(emulator));
    expect([status, json]).toEqual([500, { emulator: expect.any(String) }]);
  },
);
