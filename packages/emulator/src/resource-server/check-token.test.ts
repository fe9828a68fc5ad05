import { generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type PlainResponse, requestToken, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const now = 1_800_000_000_999;
const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const vault = "https://vault.azure.net";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator({
    tenants: [
      { tenantId, applications: [{}, { objectId: "O2" }] },
      { tenantId: "T2", applications: [{ clientId: "A2", secrets: ["S2"] }] },
    ],
  });
  emulator.clock.set(now);
});
afterEach(() => emulator.close());

async function getToken(from: Emulator, changes: Record<string, string> = {}, tenant = tenantId): Promise<string> {
  const { json } = await requestToken({ ...from, tenantId: tenant }, { scope: `${vault}/.default`, ...changes });
  return (json as { access_token: string }).access_token;
}

const caeToken = () => getToken(emulator, { claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}' });

const list = (authorization?: string) =>
  send(emulator, `${emulator.vaultUrl}/secrets?api-version=7.6`, {
    headers: authorization === undefined ? {} : { authorization },
  });

function expectRefusal({ status, headers, json }: PlainResponse, text: RegExp): void {
  expect([status, headers["www-authenticate"]]).toEqual([
    401,
    `Bearer authorization="${emulator.authorityHost}/${tenantId}", resource="${vault}"`,
  ]);
  expect(json).toEqual({ error: { code: "Unauthorized", message: expect.stringMatching(text) } });
}

/** A token with the claims of Entra, signed by another key. */
async function forge(header: { alg: string; kid?: string }): Promise<string> {
  const { privateKey } = await generateKeyPair(header.alg);
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ oid: "O1", tid: tenantId, rh: "1.1." })
    .setProtectedHeader({ typ: "JWT", ...header })
    .setIssuer(`https://sts.windows.net/${tenantId}/`)
    .setAudience(vault)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 3600)
    .sign(privateKey);
}

async function knownKeyId(): Promise<string> {
  const { json } = await send(emulator, `/${tenantId}/discovery/v2.0/keys`);
  return (json as { keys: [{ kid: string }] }).keys[0].kid;
}

it("a resource accepts a token of its tenant and audience from nbf to exp", async () => {
  const token = await getToken(emulator);
  expect((await list(`Bearer ${token}`)).status).toBe(200);
  emulator.clock.set(now - 999);
  expect((await list(`bearer ${token}`)).status).toBe(200);
  emulator.clock.set(now + 3_598_000);
  expect((await list(`Bearer ${token}`)).status).toBe(200);
});

it.each([undefined, "", "Basic dTpw", "Bearer", "Bearer a b", "Bearer e30.e30."])(
  "a resource refuses the header %j",
  async (authorization) => {
    expectRefusal(await list(authorization), /./);
  },
);

it("a resource reports a missing token", async () => {
  expectRefusal(await list(), /^AKV10000: /);
});

it("a resource refuses a token for another audience", async () => {
  const token = await getToken(emulator, { scope: "https://storage.azure.com/.default" });
  expectRefusal(await list(`Bearer ${token}`), /^AKV10022: .* found: https:\/\/storage\.azure\.com\.$/);
  expectRefusal(await list(`Bearer ${await getToken(emulator, { scope: `${vault}//.default` })}`), /^AKV10022: /);
});

it("a resource refuses a token of another tenant", async () => {
  const token = await getToken(emulator, { client_id: "A2", client_secret: "S2" }, "T2");
  expectRefusal(await list(`Bearer ${token}`), /^AKV10032: .* found: https:\/\/sts\.windows\.net\/T2\/\.$/);
});

it("a resource refuses a token before nbf and from exp on", async () => {
  const token = await getToken(emulator);
  emulator.clock.set(now - 1000);
  expectRefusal(await list(`Bearer ${token}`), /not valid yet/);
  emulator.clock.set(now + 3_600_000);
  expectRefusal(await list(`Bearer ${token}`), /expired/);
});

it("a resource refuses a token that is signed by another key", async () => {
  await using other = await startEmulator({ tenants: [{ tenantId }] });
  other.clock.set(now);
  const kid = await knownKeyId();

  for (const token of [
    await getToken(other),
    await forge({ alg: "RS256", kid }),
    await forge({ alg: "PS256", kid }),
    (await getToken(emulator)).replace(/\.[^.]+$/, `.${(await getToken(emulator)).split(".")[2]}`),
  ]) {
    expectRefusal(await list(`Bearer ${token}`), /^AKV10046: /);
  }
});

it("a revocation produces a claims challenge for clients with cp1", async () => {
  const token = await caeToken();
  emulator.clock.advance(60_000);
  emulator.revokeSession();

  const { status, headers } = await list(`Bearer ${token}`);

  const [, claims = ""] =
    /, error="insufficient_claims", claims="([^"]+)"$/.exec(headers["www-authenticate"] ?? "") ?? [];
  expect(status).toBe(401);
  expect(JSON.parse(Buffer.from(claims, "base64").toString())).toEqual({
    access_token: { nbf: { essential: true, value: "1800000060" } },
  });
});

it("a revocation produces a plain refusal for other clients", async () => {
  const token = await getToken(emulator);
  emulator.revokeSession();
  expectRefusal(await list(`Bearer ${token}`), /revoked/);
});

it("a revocation does not affect the next token, even within the same second", async () => {
  for (let times = 0; times < 2; times++) {
    const token = await caeToken();
    emulator.revokeSession();
    expect((await list(`Bearer ${token}`)).status).toBe(401);
    expect((await list(`Bearer ${await caeToken()}`)).status).toBe(200);
  }
});

it("a revocation affects only one principal", async () => {
  const token = await caeToken();
  emulator.revokeSession("o2");
  expect((await list(`Bearer ${token}`)).status).toBe(200);
  emulator.revokeSession(emulator.application.objectId.toUpperCase());
  expect((await list(`Bearer ${token}`)).status).toBe(401);
});

it("a revocation of an unknown principal is rejected", () => {
  expect(() => emulator.revokeSession("unknown")).toThrow(RangeError);
});
