/**
 * Microsoft's clients authenticate by certificate and assertion. Secrets are in
 * official-clients.test.ts.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AzurePipelinesCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  EnvironmentCredential,
  OnBehalfOfCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ClientCertificate, type Emulator, startEmulator } from "../src/index.ts";
import { thumbprint } from "./support/assertions.ts";
import { trust } from "./support/trust.ts";
import { verify } from "./support/verify.ts";

const scope = "https://storage.azure.com/.default";
const audience = "https://storage.azure.com";
const ann = {
  username: "ann@contoso.example",
  objectId: "5f0c4b0e-8a52-4f0b-9d0f-2f6f0e6f9b11",
};
/** Its certificates are trusted by subject name and issuer, so that it has to send the chain. */
const serviceName = { clientId: "7be1f2c4-8d7a-4a53-9e70-5f4f3d1f2a22", secrets: [] };

let emulator: Emulator;
let certificate: ClientCertificate;
let folder: string;
let pemFile: string;
let common: { authorityHost: string; disableInstanceDiscovery: true; retryOptions: { maxRetries: number } };
beforeAll(async () => {
  emulator = await startEmulator({ tenants: [{ applications: [{}, serviceName] }] });
  const distrust = trust(emulator);
  certificate = await emulator.createCertificate({ subjectName: "orders.contoso.example" });
  emulator.credentials.add({ certificate: certificate.certificate });
  emulator.credentials.add(
    { trustedSubject: { subjectName: "orders.contoso.example", authority: certificate.authority } },
    serviceName.clientId,
  );
  folder = await mkdtemp(join(tmpdir(), "azidentity-clients-"));
  pemFile = join(folder, "client.pem");
  await writeFile(pemFile, certificate.pem, { mode: 0o600 });
  const { authorityHost } = emulator;
  common = { authorityHost, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
  return distrust;
});
beforeEach(() => emulator.requests.clear());
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await emulator?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** The claims of a valid token. */
async function claimsFrom(credential: TokenCredential) {
  const { token } = (await credential.getToken(scope)) ?? expect.fail("There is no token.");
  return verify(emulator, token, audience);
}

function stubEnv(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** The claims of the application's own token, authenticated by an assertion. */
const itself = () => ({
  appid: emulator.application.clientId,
  oid: emulator.application.objectId,
  idtyp: "app",
  appidacr: "2",
});

it("a client certificate authenticates ClientCertificateCredential, from a file and from memory", async () => {
  const { tenantId, application } = emulator;
  const { clientId } = application;
  const fromMemory = { certificate: certificate.pem };
  for (const credential of [
    new ClientCertificateCredential(tenantId, clientId, pemFile, common),
    new ClientCertificateCredential(tenantId, clientId, fromMemory, common),
  ]) {
    expect(await claimsFrom(credential)).toMatchObject(itself());
  }
});

it("a client certificate authenticates ClientCertificateCredential by its subject name only if the chain is sent", async () => {
  const create = (sendCertificateChain: boolean) =>
    new ClientCertificateCredential(
      emulator.tenantId,
      serviceName.clientId,
      { certificatePath: pemFile },
      { ...common, sendCertificateChain },
    );

  expect(await claimsFrom(create(true))).toMatchObject({ appid: serviceName.clientId, appidacr: "2" });
  await expect(create(false).getToken(scope)).rejects.toThrow(/AADSTS700027/);
});

it("a client certificate is refused if it is not registered", async () => {
  const { pem } = await emulator.createCertificate();
  const { tenantId, application } = emulator;
  const credential = new ClientCertificateCredential(tenantId, application.clientId, { certificate: pem }, common);
  await expect(credential.getToken(scope)).rejects.toThrow(/AADSTS700027/);
});

it("a client certificate authenticates EnvironmentCredential", async () => {
  stubEnv({ ...emulator.env(), AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: pemFile });
  expect(await claimsFrom(new EnvironmentCredential(common))).toMatchObject(itself());
});

it("a client certificate authenticates ConfidentialClientApplication of @azure/msal-node, with and without the chain", async () => {
  const sign = async (clientId: string, x5c?: string) => {
    const { authorityHost, tenantId } = emulator;
    const { privateKey } = certificate;
    const client = new ConfidentialClientApplication({
      auth: {
        clientId,
        clientCertificate: { thumbprintSha256: hexThumbprint(), privateKey, ...(x5c === undefined ? {} : { x5c }) },
        authority: `${authorityHost}/${tenantId}`,
        knownAuthorities: [new URL(authorityHost).host],
      },
    });
    const result = await client.acquireTokenByClientCredential({ scopes: [scope] });
    return verify(emulator, result?.accessToken ?? "", audience);
  };

  expect(await sign(emulator.application.clientId)).toMatchObject(itself());
  const chain = certificate.certificate + certificate.authority;
  expect(await sign(serviceName.clientId, chain)).toMatchObject({ appid: serviceName.clientId });
});

const hexThumbprint = () => Buffer.from(thumbprint(certificate, "sha256"), "base64url").toString("hex").toUpperCase();

it("a token of another issuer authenticates ClientAssertionCredential", async () => {
  const { tenantId, application, issuers } = emulator;
  for (const issuer of [issuers.githubActions, issuers.azurePipelines, issuers.kubernetes]) {
    const assertion = () => issuer.issueToken();
    const credential = new ClientAssertionCredential(tenantId, application.clientId, assertion, common);
    expect(await claimsFrom(credential)).toMatchObject(itself());
  }
});

it("a token of another issuer authenticates AzurePipelinesCredential, which requests it from the pipeline", async () => {
  const variables = emulator.env("azure-pipelines");
  stubEnv(variables);
  const { serviceConnectionId, systemAccessToken } = emulator.issuers.azurePipelines;
  const { tenantId, application } = emulator;
  const create = (accessToken: string) =>
    new AzurePipelinesCredential(tenantId, application.clientId, serviceConnectionId, accessToken, common);

  expect(await claimsFrom(create(systemAccessToken))).toMatchObject(itself());
  expect(emulator.requests.to("/oidctoken").at(0)).toMatchObject({ service: "oidc", status: 200 });
  await expect(create("wrong").getToken(scope)).rejects.toThrow(/401/);
});

it("a token of another issuer authenticates WorkloadIdentityCredential, which reads it from a file", async () => {
  const { tenantId, application, issuers } = emulator;
  const tokenFilePath = join(folder, "token");
  await writeFile(tokenFilePath, await issuers.kubernetes.issueToken());
  const credential = new WorkloadIdentityCredential({
    ...common,
    tenantId,
    clientId: application.clientId,
    tokenFilePath,
  });
  expect(await claimsFrom(credential)).toMatchObject(itself());
});

describe("OnBehalfOfCredential", () => {
  type Caller = { tenantId: string; clientId: string; userAssertionToken: string };
  const create: Readonly<Record<string, (caller: Caller) => TokenCredential>> = {
    "a secret": (caller) =>
      new OnBehalfOfCredential({ ...common, ...caller, clientSecret: emulator.application.clientSecret }),
    "a certificate": (caller) => new OnBehalfOfCredential({ ...common, ...caller, certificatePath: pemFile }),
    "an assertion": (caller) =>
      new OnBehalfOfCredential({
        ...common,
        ...caller,
        getAssertion: () => emulator.issuers.githubActions.issueToken(),
      }),
  };

  it.each(Object.entries(create))(
    "OnBehalfOfCredential acquires a token on behalf of a user, by %s",
    async (name, createCredential) => {
      const { tenantId, application } = emulator;
      const userAssertionToken = await emulator.issueUserToken({ username: ann.username, objectId: ann.objectId });

      const credential = createCredential({ tenantId, clientId: application.clientId, userAssertionToken });

      expect(await claimsFrom(credential)).toMatchObject({
        appid: application.clientId,
        oid: ann.objectId,
        scp: "user_impersonation",
        appidacr: name === "a secret" ? "1" : "2",
      });
    },
  );
});
