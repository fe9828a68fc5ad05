import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  type AssertionChanges,
  refusal,
  requestTokenByAssertion,
  signAssertion,
  thumbprint,
} from "../../../test/support/assertions.ts";
import { requestToken } from "../../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../../emulator.ts";
import type { ClientCertificate } from "../client-certificates.ts";

const clientId = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";
const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const now = 1_800_000_000;

let emulator: Emulator;
let certificate: ClientCertificate;
let stranger: ClientCertificate;
beforeAll(async () => {
  emulator = await startEmulator({
    tenants: [{ tenantId, domains: ["contoso.example"], applications: [{ clientId }, { clientId: "other" }] }],
  });
  const validity = { notBefore: new Date((now - 86_400) * 1000), notAfter: new Date((now + 86_400) * 1000) };
  [certificate, stranger] = await Promise.all([
    emulator.createCertificate(validity),
    emulator.createCertificate({ ...validity, subjectName: "stranger.example" }),
  ]);
  emulator.credentials.add({ certificate: certificate.certificate });
});
beforeEach(() => emulator.clock.set(now * 1000));
afterAll(() => emulator.close());

async function ask(changes: AssertionChanges = {}, signer = certificate): Promise<number> {
  return refusal(await requestTokenByAssertion(emulator, await signAssertion(emulator, signer, changes)));
}

it("an assertion signed by a certificate authenticates an application that also has a secret", async () => {
  const { json } = await requestTokenByAssertion(emulator, await signAssertion(emulator, certificate));
  expect(decodeJwt((json as { access_token: string }).access_token)).toMatchObject({
    appid: clientId,
    appidacr: "2",
  });
  expect((await requestToken(emulator)).status).toBe(200);
});

it.each(["RS256", "PS256"])("an assertion signed by a certificate may be signed by %s", async (alg) => {
  expect(await ask({ header: { alg } })).toBe(0);
});

it("an assertion signed by a certificate may identify the certificate by each header that Entra accepts", async () => {
  const sha1 = thumbprint(certificate, "sha1");
  const hex = Buffer.from(sha1, "base64url").toString("hex").toUpperCase();
  for (const header of [
    { x5t: sha1 },
    { x5t: Buffer.from(sha1, "base64url").toString("base64") },
    { kid: sha1 },
    { kid: hex },
    { "x5t#S256": `${thumbprint(certificate, "sha256")}=` },
  ]) {
    expect(await ask({ header: { "x5t#S256": undefined, ...header } })).toBe(0);
  }
});

it("an assertion signed by a certificate may have the token endpoint or the issuer as audience, under each name of the tenant", async () => {
  const { authorityHost: host } = emulator;
  for (const aud of [
    `${host}/${tenantId}/oauth2/v2.0/token`,
    `${host}/${tenantId}/oauth2/token`,
    `${host}/${tenantId}/v2.0`,
    `${host}/Contoso.Example/oauth2/v2.0/token`,
  ]) {
    expect(await ask({ claims: { aud } })).toBe(0);
  }
});

it("an assertion signed by a certificate may be used again, because Microsoft's clients do so", async () => {
  const assertion = await signAssertion(emulator, certificate);
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(0);
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(0);
});

it.each<[string, number, AssertionChanges]>([
  ["names no certificate", 700027, { header: { "x5t#S256": undefined } }],
  ["names another certificate", 700027, { header: { "x5t#S256": "AAAA" } }],
  ["has no audience", 700023, { claims: { aud: undefined } }],
  ["is for another tenant", 700023, { claims: { aud: "https://localhost/other/oauth2/v2.0/token" } }],
  ["is for another cloud", 700023, { claims: { aud: `https://login.microsoftonline.com/${tenantId}/v2.0` } }],
  ["is for no URL", 700023, { claims: { aud: "api://AzureADTokenExchange" } }],
  ["is of another application", 700021, { claims: { iss: "other", sub: "other" } }],
  ["has another subject than the client id", 700021, { claims: { sub: "other" } }],
  ["has no issuer", 700021, { claims: { iss: undefined } }],
  ["has expired", 700024, { claims: { exp: now } }],
  ["is not valid yet", 700024, { claims: { nbf: now + 1 } }],
  ["lasts longer than a day", 700024, { claims: { exp: now + 86_401 } }],
  ["has no expiry", 50027, { claims: { exp: undefined } }],
])("an assertion signed by a certificate is refused if it %s", async (_, code, changes) => {
  expect(await ask(changes)).toBe(code);
});

it("an assertion signed by a certificate is accepted until the second of its expiry", async () => {
  const assertion = await signAssertion(emulator, certificate);
  emulator.clock.set((now + 599) * 1000);
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(0);
  emulator.clock.advance(1000);
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(700024);
});

it("an assertion signed by a certificate is accepted when its client has rounded nbf up to the next second", async () => {
  const assertion = await signAssertion(emulator, certificate, { claims: { nbf: now + 1 } });
  emulator.clock.set(now * 1000 + 500);
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(0);
});

it("an assertion signed by a certificate is refused if it is signed by another key", async () => {
  expect(await ask({ header: { "x5t#S256": thumbprint(certificate, "sha256") } }, stranger)).toBe(700027);
  expect(await ask({}, stranger)).toBe(700027);
});

it("an assertion signed by a certificate is refused if it uses another algorithm", async () => {
  expect(await ask({ header: { alg: "RS384" } })).toBe(5002730);
});

it.each(["", "x", "a.b.c"])("an assertion signed by a certificate is refused if it is %j", async (assertion) => {
  expect(refusal(await requestTokenByAssertion(emulator, assertion))).toBe(assertion === "" ? 7000218 : 50027);
});

it("an assertion signed by a certificate is refused without client_assertion_type and with an unknown one", async () => {
  const assertion = await signAssertion(emulator, certificate);
  const asked = (type?: string) => requestTokenByAssertion(emulator, assertion, { client_assertion_type: type });
  expect(refusal(await asked())).toBe(900144);
  expect(refusal(await asked("urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))).toBe(50027);
});

it("an assertion signed by a certificate is refused after the expiry of the certificate", async () => {
  emulator.clock.set((now + 86_400) * 1000);
  expect(await ask()).toBe(700027);
});

it("an assertion signed by a certificate is checked against the certificates that are registered at the time of the request", async () => {
  emulator.credentials.add({ certificate: stranger.certificate });
  expect(await ask({}, stranger)).toBe(0);
  emulator.credentials.remove({ certificate: stranger.certificate });
  expect(await ask({}, stranger)).toBe(700027);
  expect(() => emulator.credentials.remove({ certificate: stranger.certificate })).toThrow(RangeError);
});

it("a replayed assertion is refused with refuseReplayedAssertions", async () => {
  await using strict = await startEmulator({ refuseReplayedAssertions: true });
  strict.credentials.add({ certificate: certificate.certificate });
  strict.clock.set(now * 1000);
  const assertion = await signAssertion(strict, certificate);
  const anonymous = await signAssertion(strict, certificate, { claims: { jti: undefined } });
  expect(refusal(await requestTokenByAssertion(strict, assertion))).toBe(0);
  expect(refusal(await requestTokenByAssertion(strict, assertion))).toBe(50027);
  expect(refusal(await requestTokenByAssertion(strict, anonymous))).toBe(50027);
});
