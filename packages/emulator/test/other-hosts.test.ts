/** Microsoft's clients, directed to other hosts than the configured one. */
import { ClientCertificateCredential, ClientSecretCredential, type TokenCredential } from "@azure/identity";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Emulator, startEmulator } from "../src/index.ts";
import { trust } from "./support/trust.ts";
import { verify } from "./support/verify.ts";

const scope = "https://storage.azure.com/.default";
const audience = "https://storage.azure.com";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
  return trust(emulator);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await emulator.close();
});

it("an OpenID document that names a token endpoint on another host makes a client that trusts it send its secret to that host", async () => {
  const { tenantId, application, authorityHost } = emulator;
  await using other = await startEmulator({
    tenants: [{ tenantId, applications: [{ clientId: application.clientId, secrets: [application.clientSecret] }] }],
  });
  trust(other); // ends with the trust in the first emulator
  emulator.faults.add({
    path: "openid-configuration",
    rewrite: { token_endpoint: `${other.authorityHost}/${tenantId}/oauth2/v2.0/token` },
  });
  const credential = new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, {
    authorityHost,
    disableInstanceDiscovery: true,
  });

  const { token } = await credential.getToken(scope);

  await verify(other, token, audience);
  expect(emulator.requests.to("/token")).toEqual([]);
  expect(other.requests.to("/token")).toMatchObject([{ status: 200, form: { client_secret: "***" } }]);
});

it.each(["secret", "certificate"])("a regional authority issues tokens under its own host name: %s", async (proof) => {
  const { pem, certificate } = await emulator.createCertificate();
  emulator.credentials.add({ certificate });
  const proxy = await emulator.startProxy();
  const { hostname, port } = new URL(proxy.url);
  const options = { proxyOptions: { host: `http://${hostname}`, port: Number(port) } };
  vi.stubEnv("AZURE_REGIONAL_AUTHORITY_NAME", "westeurope");
  const { tenantId, application } = emulator;
  const credential: TokenCredential =
    proof === "secret"
      ? new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, options)
      : new ClientCertificateCredential(tenantId, application.clientId, { certificate: pem }, options);

  const answer = await credential.getToken(scope);

  expect(await verify(emulator, answer?.token ?? "", audience)).toMatchObject({
    iss: `https://sts.windows.net/${tenantId}/`,
    appidacr: proof === "secret" ? "1" : "2",
  });
  expect(emulator.requests.to("/token").map(({ url }) => new URL(url).host)).toEqual([
    "westeurope.login.microsoft.com",
  ]);
  expect(proxy.requests.map(({ target }) => target)).toContain("westeurope.login.microsoft.com:443");
});
