import { type Emulator, startEmulator } from "@azidentity/emulator";
import { claimsOf, createIdentities, scope } from "@azidentity/test-support";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import entra from "../src/index.ts";
import { blocks, fixturePath, fixtureText } from "./certificate-fixtures.ts";

let emulator: Emulator;
const identities = createIdentities(entra, () => emulator);
const certificate = blocks(fixtureText("chain.pem"), "CERTIFICATE")[0] ?? "";
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.credentials.add({ certificate });
});
afterEach(async () => {
  emulator.requests.clear();
  await identities.close();
});
afterAll(() => emulator.close());

/** An identity for which Entra has its real name, to which only the proxy leads. */
async function signIn(source: string, options: object) {
  const proxy = await emulator.startProxy();
  const { clientId } = emulator.application;
  const env = { ...proxy.env(), AZURE_REGIONAL_AUTHORITY_NAME: "AutoDiscoverRegion", REGION_NAME: "West Europe" };
  const identity = identities.make({ env, chain: { authorityHost: undefined } });
  return { proxy, credential: identity.credential(source, { clientId, ...options }) };
}

it.each([
  ["client-secret", () => ({ clientSecret: emulator.application.clientSecret })],
  ["client-certificate", () => ({ certificatePath: fixturePath("pkcs8.pem") })],
])("%s uses only the endpoint of its region", async (source, options) => {
  const { proxy, credential } = await signIn(source, options());
  expect(claimsOf((await credential.getToken(scope)).token).appid).toBe(emulator.application.clientId);
  expect(proxy.requests.map(({ target }) => target)).toEqual(["westeurope.login.microsoft.com:443"]);
});

it("on-behalf-of uses the global endpoint", async () => {
  const { clientSecret } = emulator.application;
  const { proxy, credential } = await signIn("on-behalf-of", { clientSecret });
  await credential.forUser(await emulator.issueUserToken()).getToken(scope);
  expect(proxy.requests.map(({ target }) => target)).toEqual(["login.microsoftonline.com:443"]);
});
