/** The official clients sign users in at the emulator, as a person would see it. */
import { DeviceCodeCredential } from "@azure/identity";
import { CryptoProvider, PublicClientApplication } from "@azure/msal-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { trust } from "./support/trust.ts";
import { verify } from "./support/verify.ts";

const clientId = "1d1c9c3e-3f0b-4a5e-8f0e-6a2c7c0b9d11";
const ann = {
  username: "ann@contoso.example",
  password: "Ann-s3cret",
  secondFactor: "246810",
  objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11",
};
const ben = { username: "ben@contoso.example", password: "Ben-s3cret" };
const storage = "https://storage.azure.com/.default";
const vault = "https://vault.azure.net/.default";

let emulator: Emulator;
beforeAll(async () => {
  const application = { clientId, publicClient: true, secrets: [] };
  emulator = await startEmulator({ tenants: [{ applications: [{}, application], users: [ann, ben] }] });
  trust(emulator);
});
beforeEach(() => {
  emulator.requests.clear();
  emulator.faults.clear();
  emulator.policies.clear();
});
afterAll(() => emulator.close());

const common = () => ({ authorityHost: emulator.authorityHost, disableInstanceDiscovery: true });
const msal = (tenant = emulator.tenantId) =>
  new PublicClientApplication({
    auth: {
      clientId,
      authority: `${emulator.authorityHost}/${tenant}`,
      knownAuthorities: [new URL(emulator.authorityHost).host],
    },
  });

describe("DeviceCodeCredential of @azure/identity", () => {
  it.each(["the tenant", "organizations"])("gets tokens under %s once the person has agreed", async (name) => {
    const signIns: Promise<unknown>[] = [];
    const credential = new DeviceCodeCredential({
      ...common(),
      clientId,
      tenantId: name === "organizations" ? name : emulator.tenantId,
      userPromptCallback: ({ userCode }) =>
        void signIns.push(emulator.signInAtDevice(userCode, { account: ben.username })),
    });
    const { token } = await credential.getToken(storage);
    expect(await verify(emulator, token, "https://storage.azure.com")).toMatchObject({ upn: ben.username });
    const other = await credential.getToken(vault);
    expect(await verify(emulator, other.token, "https://vault.azure.net")).toMatchObject({ upn: ben.username });
    expect(await Promise.all(signIns)).toEqual([{ approved: true, steps: ["account", "password", "confirm"] }]);
  });
});

describe("msal-node", () => {
  it.each(["the tenant", "common"])("exchanges a code under %s, and is silent from then on", async (name) => {
    const client = msal(name === "common" ? name : undefined);
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const redirectUri = "http://localhost:4711";
    const url = await client.getAuthCodeUrl({
      scopes: [storage],
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
      nonce: "a nonce",
    });
    const { parameters } = await emulator.signIn(url, { account: ann.username });
    const code = parameters.code ?? "";
    const request = { code, scopes: [storage], redirectUri, codeVerifier: verifier, nonce: "a nonce" };
    const first = await client.acquireTokenByCode(request, { code });
    expect(await verify(emulator, first.accessToken, "https://storage.azure.com")).toMatchObject({ oid: ann.objectId });
    expect(first.account?.homeAccountId).toBe(`${ann.objectId}.${emulator.tenantId}`);
    const account = first.account ?? expect.fail("no account");
    const second = await client.acquireTokenSilent({ account, scopes: [vault] });
    expect(await verify(emulator, second.accessToken, "https://vault.azure.net")).toMatchObject({ oid: ann.objectId });
  });
});
