/**
 * What our applications send to Entra's token endpoint is compared, field by field, with what the
 * credentials of @azure/identity send. Headers and telemetry are not compared.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { createIdentities, scope } from "@azidentity/test-support";
import {
  AzurePipelinesCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type GetTokenOptions,
  OnBehalfOfCredential,
  type TokenCredential,
} from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import entra from "../src/index.ts";

let emulator: Emulator;
let userAssertionToken: string;
let folder: string;
let pemFile: string;
const identities = createIdentities(entra, () => emulator);
const trusted = tls.getCACertificates("default");

beforeAll(async () => {
  emulator = await startEmulator();
  tls.setDefaultCACertificates([...trusted, emulator.caCertificate]);
  userAssertionToken = await emulator.issueUserToken();
  const { pem, certificate } = await emulator.createCertificate();
  emulator.credentials.add({ certificate });
  folder = mkdtempSync(join(tmpdir(), "azidentity-official-"));
  pemFile = join(folder, "app.pem");
  writeFileSync(pemFile, pem, { mode: 0o600 });
});
beforeEach(() => emulator.requests.clear());
afterEach(async () => {
  vi.unstubAllEnvs();
  await identities.close();
});
afterAll(async () => {
  tls.setDefaultCACertificates(trusted);
  await emulator?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Parameters that tell Entra which library asks, and which request it is. */
const telemetry = /^(?:x-|client-request-id$)/;

/** The token requests of one acquisition: method, path, and the form without telemetry. */
async function requestsOf(credential: Pick<TokenCredential, "getToken">, options: GetTokenOptions = {}) {
  emulator.requests.clear();
  await credential.getToken(scope, options);
  return emulator.requests
    .filter(({ service, method }) => service === "entra" && method === "POST")
    .map(({ method, path, form }) => ({
      method,
      path,
      form: Object.fromEntries(Object.entries(form).filter(([name]) => !telemetry.test(name))),
    }));
}

type Sent = Awaited<ReturnType<typeof requestsOf>>;

/** Requests with their claims parsed, and without those that only MSAL sends, for an id_token. */
function comparable(requests: Sent) {
  return requests.map(({ form: { claims, ...form }, ...request }) => {
    if (claims === undefined) return { ...request, form };
    const { id_token: _, ...parsed } = JSON.parse(claims);
    return { ...request, form, claims: parsed };
  });
}

interface Pair {
  readonly title: string;
  readonly official: () => TokenCredential;
  readonly ours: () => Pick<TokenCredential, "getToken">;
}

const ids = () => ({ tenantId: emulator.tenantId, clientId: emulator.application.clientId });
const officialOptionsOf = (authorityHost: string) => ({
  authorityHost,
  disableInstanceDiscovery: true,
  additionallyAllowedTenants: ["*"],
});
const officialOptions = () => officialOptionsOf(emulator.authorityHost);
const getAssertion = () => emulator.issuers.githubActions.issueToken();

/**
 * As GitHub's toolkit for actions gets the token of a job:
 * core.getIDToken("api://AzureADTokenExchange").
 */
async function idTokenOfJob(env: Readonly<Record<string, string>>): Promise<string> {
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL ?? "");
  url.searchParams.set("audience", "api://AzureADTokenExchange");
  const headers = { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  const answer: unknown = await (await fetch(url, { headers })).json();
  return (answer as { readonly value: string }).value;
}

const onBehalfOf = (options: object): Pick<Pair, "official" | "ours"> => ({
  official: () => new OnBehalfOfCredential({ ...officialOptions(), ...ids(), userAssertionToken, ...options } as never),
  ours: () =>
    identities
      .make()
      .credential("on-behalf-of", { ...ids(), ...options })
      .forUser(userAssertionToken),
});

const pairs: readonly Pair[] = [
  {
    title: "a client secret",
    official: () =>
      new ClientSecretCredential(
        emulator.tenantId,
        emulator.application.clientId,
        emulator.application.clientSecret,
        officialOptions(),
      ),
    ours: () =>
      identities.make().credential("client-secret", { ...ids(), clientSecret: emulator.application.clientSecret }),
  },
  {
    title: "a certificate",
    official: () =>
      new ClientCertificateCredential(emulator.tenantId, emulator.application.clientId, pemFile, officialOptions()),
    ours: () => identities.make().credential("client-certificate", { ...ids(), certificatePath: pemFile }),
  },
  {
    title: "an assertion",
    official: () =>
      new ClientAssertionCredential(
        emulator.tenantId,
        emulator.application.clientId,
        async () => getAssertion(),
        officialOptions(),
      ),
    ours: () => identities.make().credential("client-assertion", { ...ids(), getAssertion }),
  },
  {
    title: "a job of Azure Pipelines",
    official() {
      const { serviceConnectionId, systemAccessToken } = emulator.issuers.azurePipelines;
      for (const [name, value] of Object.entries(emulator.env("azure-pipelines"))) vi.stubEnv(name, value);
      const { tenantId, clientId } = ids();
      return new AzurePipelinesCredential(
        tenantId,
        clientId,
        serviceConnectionId,
        systemAccessToken,
        officialOptions(),
      );
    },
    ours: () => identities.make({ env: emulator.env("azure-pipelines") }).credential("azure-pipelines"),
  },
  {
    title: "a job of GitHub Actions", // the Azure SDK has a credential for its assertion alone
    official: () =>
      new ClientAssertionCredential(
        emulator.tenantId,
        emulator.application.clientId,
        () => idTokenOfJob(emulator.env("github-actions")),
        officialOptions(),
      ),
    ours: () => identities.make({ env: emulator.env("github-actions") }).credential("github-actions"),
  },
  {
    title: "a secret, on behalf of a user",
    official: () => onBehalfOf({ clientSecret: emulator.application.clientSecret }).official(),
    ours: () => onBehalfOf({ clientSecret: emulator.application.clientSecret }).ours(),
  },
  {
    title: "a certificate, on behalf of a user",
    official: () => onBehalfOf({ certificatePath: pemFile }).official(),
    ours: () => onBehalfOf({ certificatePath: pemFile }).ours(),
  },
  {
    title: "an assertion, on behalf of a user",
    official: () => onBehalfOf({ getAssertion }).official(),
    ours: () => onBehalfOf({ getAssertion }).ours(),
  },
];

describe.each(pairs.map((pair) => [pair.title, pair] as const))("an application with %s", (_, { official, ours }) => {
  it.each<[string, GetTokenOptions]>([
    ["a token", {}],
    ["a token for continuous access evaluation", { enableCae: true }],
    ["a token for a claims challenge", { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' }],
    ["a token for both", { enableCae: true, claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' }],
  ])("sends for %s what the Azure SDK sends", async (_, options) => {
    const theirs = await requestsOf(official(), options);
    const own = await requestsOf(ours(), options);
    expect(theirs).toHaveLength(1);
    expect(comparable(own)).toEqual(comparable(theirs));
  });
});

/**
 * The hosts to which an acquisition leads where Entra has its real names, with the fields that it
 * sends there.
 */
async function regionally(make: (env: Readonly<Record<string, string>>) => Pick<TokenCredential, "getToken">) {
  const proxy = await emulator.startProxy();
  const env = { ...proxy.env(), AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const [request, ...more] = await requestsOf(make(env));
  expect(more).toEqual([]);
  return {
    hosts: [...new Set(proxy.requests.map(({ target }) => target))],
    request: { ...request, path: request?.path.replace(/\/$/, "") }, // MSAL adds the slash
  };
}

describe("with AZURE_REGIONAL_AUTHORITY_NAME", () => {
  const official = () => officialOptionsOf("https://login.microsoftonline.com");
  const ours = (env: Readonly<Record<string, string>>, source: string, options: object) =>
    identities.make({ env, chain: { authorityHost: undefined } }).credential(source, { ...ids(), ...options });
  const regional = "westeurope.login.microsoft.com:443";

  it("an application with a secret sends to its region what the Azure SDK sends there", async () => {
    const { tenantId, clientId } = ids();
    const { clientSecret } = emulator.application;
    const theirs = await regionally(() => new ClientSecretCredential(tenantId, clientId, clientSecret, official()));
    expect(theirs.hosts).toEqual([regional]);
    expect(await regionally((env) => ours(env, "client-secret", { clientSecret }))).toEqual(theirs);
  });

  it("an application with a certificate sends to its region what the Azure SDK sends there", async () => {
    const { tenantId, clientId } = ids();
    const theirs = await regionally(() => new ClientCertificateCredential(tenantId, clientId, pemFile, official()));
    expect(theirs.hosts).toEqual([regional]);
    expect(await regionally((env) => ours(env, "client-certificate", { certificatePath: pemFile }))).toEqual(theirs);
  });

  it("an application that acts on behalf of a user sends to the global endpoint what the Azure SDK sends there", async () => {
    const { clientSecret } = emulator.application;
    const options = { ...official(), ...ids(), clientSecret, userAssertionToken };
    const theirs = await regionally(() => new OnBehalfOfCredential(options));
    expect(theirs.hosts).toEqual(["login.microsoftonline.com:443"]);
    const own = await regionally((env) => ours(env, "on-behalf-of", { clientSecret }).forUser(userAssertionToken));
    expect(own).toEqual(theirs);
  });
});
