import type { webcrypto } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal, requestTokenByAssertion } from "../../../test/support/assertions.ts";
import { requestToken } from "../../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../../emulator.ts";

const now = 1_800_000_000;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    tenants: [{}, { tenantId: "T2", applications: [{ clientId: "A2", objectId: "O2", secrets: ["S2"] }] }],
  });
});
beforeEach(() => emulator.clock.set(now * 1000));
afterAll(() => emulator.close());

const ask = async (assertion: string, changes = {}) =>
  refusal(await requestTokenByAssertion(emulator, assertion, changes));

it.each(["githubActions", "azurePipelines", "kubernetes"] as const)(
  "a token of another issuer authenticates the application if its issuer is %s",
  async (name) => {
    expect(await ask(await emulator.issuers[name].issueToken())).toBe(0);
  },
);

it.each([
  ["another subject", { subject: "repo:contoso/other:ref:refs/heads/main" }, 700213],
  ["a subject in another case", { subject: "REPO:contoso/orders:ref:refs/heads/main" }, 700213],
  ["another audience", { audience: "https://github.com/contoso" }, 700212],
  ["another issuer", { claims: { iss: "https://token.example" } }, 700211],
  ["no end", { claims: { exp: undefined } }, 50027],
  ["an end in the past", { lifetimeSeconds: 0 }, 700024],
  ["a beginning in the future", { claims: { nbf: now + 1 } }, 700024],
])("a token of another issuer is refused for %s", async (_, options, code) => {
  expect(await ask(await emulator.issuers.githubActions.issueToken(options))).toBe(code);
});

it("a token of another issuer is refused if it is signed by another key", async () => {
  await using other = await startEmulator();
  other.clock.set(now * 1000);
  expect(await ask(await other.issuers.githubActions.issueToken())).toBe(700027);
});

it("a token of another issuer is refused by an application without federated credentials", async () => {
  await using bare = await startEmulator({ tenants: [{ applications: [{ federatedCredentials: [] }] }] });
  const assertion = await bare.issuers.kubernetes.issueToken();
  expect(refusal(await requestTokenByAssertion(bare, assertion))).toBe(70021);
});

describe("a federated credential for an external issuer", () => {
  const issuer = "https://oidc.example";

  it("a federated credential for an external issuer is refused without `keys`, because the emulator does not fetch them", async () => {
    emulator.credentials.add({ federated: { issuer, subject: "S" } });
    const { privateKey } = await generateKeyPair("RS256");
    expect(await ask(await sign(privateKey))).toBe(50166);
    emulator.credentials.remove({ federated: { issuer, subject: "S" } });
  });

  it("a federated credential for an external issuer accepts tokens that its `keys` verify", async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const federated = { issuer, subject: "S", audiences: ["A"], keys: { keys: [await exportJWK(publicKey)] } };
    emulator.credentials.add({ federated });
    expect(await ask(await sign(privateKey))).toBe(0);
    expect(await ask(await sign((await generateKeyPair("RS256")).privateKey))).toBe(700027);
    emulator.credentials.remove({ federated });
  });

  function sign(key: webcrypto.CryptoKey): Promise<string> {
    return new SignJWT({ iss: issuer, sub: "S", aud: ["A", "api://AzureADTokenExchange"], exp: now + 60 })
      .setProtectedHeader({ alg: "RS256" })
      .sign(key);
  }
});

describe("a token of a tenant as assertion", () => {
  async function getAssertion(scope = "api://AzureADTokenExchange/.default"): Promise<string> {
    const other = { ...emulator, tenantId: "T2" };
    const { json } = await requestToken(other, { client_id: "A2", client_secret: "S2", scope });
    return (json as { access_token: string }).access_token;
  }

  it("a token of a tenant as assertion authenticates an application that trusts the principal, under each name of the issuer", async () => {
    const assertion = await getAssertion();
    expect(await ask(assertion)).toBe(700211);
    for (const issuer of [`${emulator.authorityHost}/T2/v2.0`, "https://login.microsoftonline.com/T2/v2.0"]) {
      const federated = { issuer, subject: "O2" };
      emulator.credentials.add({ federated });
      expect(await ask(assertion)).toBe(0);
      expect(await ask(await getAssertion("https://storage.azure.com/.default"))).toBe(700212);
      emulator.credentials.remove({ federated });
    }
  });
});

it("a credential of an unknown kind is refused when it is added, not when a token is requested", () => {
  const credential = { issuer: "https://issuer.example", subject: "S" } as never;
  expect(() => emulator.credentials.add(credential)).toThrow(RangeError);
  expect(() => emulator.credentials.remove(credential)).toThrow(RangeError);
});
