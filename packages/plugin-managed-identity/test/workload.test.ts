import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls, { type TLSSocket } from "node:tls";
import { createIdentity } from "@azidentity/core";
import { definePlugin } from "@azidentity/core/plugin";
import { createFakeHttp, testCredentialSource } from "@azidentity/core/testing";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { type GetTokenOptions, type TokenCredential, WorkloadIdentityCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createManagedIdentitySource } from "../src/sources/managed-identity.ts";
import { workloadIdentity } from "../src/sources/workload-identity.ts";
import { azureTag, errorOf, fakeMachine, hostContext, tokenAnswer } from "./support.ts";

const scope = "https://vault.azure.net/.default";
let emulator: Emulator;
let folder: string;
let file: string;
let opened: ReturnType<typeof createIdentity>[] = [];

beforeAll(async () => {
  emulator = await startEmulator({ hosts: { imds: {} } });
  folder = await mkdtemp(join(tmpdir(), "workload-"));
});
beforeEach(async () => {
  emulator.faults.clear();
  emulator.requests.clear();
  file = join(folder, `token-${Math.random()}`);
  await writeFile(file, await emulator.issuers.kubernetes.issueToken());
});
afterEach(async () => {
  await Promise.all(opened.map((identity) => identity.close()));
  opened = [];
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

/**
 * The variables that the cluster's webhook sets in a pod, on a node that has an identity of its
 * own.
 */
const podEnv = () => ({
  ...emulator.env("imds"),
  AZURE_AUTHORITY_HOST: `${emulator.authorityHost}/`,
  AZURE_TENANT_ID: emulator.tenantId,
  AZURE_CLIENT_ID: emulator.application.clientId,
  AZURE_FEDERATED_TOKEN_FILE: file,
});

function open(env: Readonly<Record<string, string>>, settings: object = {}) {
  const sources = [workloadIdentity, createManagedIdentitySource(fakeMachine({ tag: azureTag }))];
  const plugins = [definePlugin({ name: "test", sources })];
  const http = { caFile: emulator.caCertificateFile };
  const identity = createIdentity({ config: false, plugins, http, ...settings }, { env, random: () => 0 });
  opened.push(identity);
  return identity;
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const without = (name: string) => Object.fromEntries(Object.entries(podEnv()).filter(([key]) => key !== name));

describe("workload-identity", () => {
  const tokenFile = join(import.meta.dirname, "token-of-a-pod.txt");
  testCredentialSource(
    { it },
    {
      source: workloadIdentity,
      env: { AZURE_FEDERATED_TOKEN_FILE: tokenFile, AZURE_CLIENT_ID: "app" },
      tenantId: "contoso.com",
      secrets: ["c4n4ry"],
      working: () => ({ http: createFakeHttp(tokenAnswer(Date.now(), { expires_in: 3600 })) }),
    },
  );
});

it("a pod with its token file signs in with one request, and sends none to the node's metadata service", async () => {
  const identity = open(podEnv());
  const { token } = await identity.getToken(scope);
  expect(claimsOf(token).appid).toBe(emulator.application.clientId);
  expect(identity.explain.last).toMatchObject({ winner: "workload-identity" });
  expect(emulator.requests.map(({ path }) => path)).toEqual([`/${emulator.tenantId}/oauth2/v2.0/token`]);
});

it("a pod with its token file has the same identity with managed-identity, as in the Azure SDKs", async () => {
  const { token } = await open(podEnv()).credential("managed-identity").getToken(scope);
  expect(claimsOf(token).appid).toBe(emulator.application.clientId);
});

it("a pod with its token file sends the client capability cp1 and the claims", async () => {
  const credential = open(podEnv()).credential("workload-identity");
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const { token } = await credential.getToken(scope, { enableCae: true, claims });
  expect(claimsOf(token).xms_cc).toEqual(["cp1"]);
  expect(JSON.parse(emulator.requests[0]?.form.claims ?? "")).toMatchObject({
    access_token: { nbf: { value: "1" }, xms_cc: { values: ["cp1"] } },
  });
});

it("a pod with its token file reads the current target of a symbolic link, as kubelet swaps it", async () => {
  const folders = [join(folder, "..1"), join(folder, "..2")] as const;
  for (const [index, one] of folders.entries()) {
    await mkdir(one, { recursive: true });
    await writeFile(join(one, "token"), index === 0 ? "a.b.c" : await emulator.issuers.kubernetes.issueToken());
  }
  const link = join(folder, "..data");
  await symlink(folders[0], link);
  const credential = open({ ...podEnv(), AZURE_FEDERATED_TOKEN_FILE: join(link, "token") }).credential(
    "workload-identity",
  );
  expect((await errorOf(credential.getToken(scope))).outcome).toBe("rejected");
  await symlink(folders[1], `${link}.new`);
  await rename(`${link}.new`, link);
  expect((await credential.getToken(scope)).token).not.toBe("");
});

it("a pod with its token file reads the file once more when Entra answers that its token has expired", async () => {
  emulator.faults.add({ path: "/token", error: 700024 });
  expect((await open(podEnv()).getToken(scope)).token).not.toBe("");
  emulator.requests.clear();
  emulator.faults.add({ path: "/token", error: 700024, times: Number.POSITIVE_INFINITY });
  const error = await errorOf(open(podEnv()).getToken(scope));
  expect(error).toMatchObject({ outcome: "rejected", code: "assertion-expired" });
  expect(emulator.requests).toHaveLength(2);
});

it.each<[string, (token: string) => string]>([
  ["a newline", (token) => `${token}\n`],
  ["a byte order mark", (token) => `\uFEFF${token}`],
])("a pod with its token file accepts %s in the file", async (_, change) => {
  await writeFile(file, change(await emulator.issuers.kubernetes.issueToken()));
  expect((await open(podEnv()).getToken(scope)).token).not.toBe("");
});

it.each<[string, string | undefined, string]>([
  ["missing", undefined, "token-file-unreadable"],
  ["empty", "", "token-file-invalid"],
  ["blank", " \n", "token-file-invalid"],
  ["not a token", "hello", "token-file-invalid"],
  ["too large", "a".repeat(70_000), "token-file-unreadable"],
])("a pod does not sign in as its node when its file is %s", async (_, text, code) => {
  if (text === undefined) await rm(file);
  else await writeFile(file, text);
  const error = await errorOf(open(podEnv()).getToken(scope));
  expect(error).toMatchObject({ outcome: "misconfigured", code });
  expect(emulator.requests).toHaveLength(0);
});

it("a pod does not sign in as its node when its file is a directory", async () => {
  const error = await errorOf(open({ ...podEnv(), AZURE_FEDERATED_TOKEN_FILE: folder }).getToken(scope));
  expect(error).toMatchObject({ outcome: "misconfigured", code: "token-file-unreadable" });
});

it.each(["AZURE_CLIENT_ID", "AZURE_TENANT_ID"])(
  "a pod does not sign in as its node when %s is not set",
  async (name) => {
    const error = await errorOf(open(without(name)).getToken(scope));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "incomplete-environment" });
    expect(error.message).toContain(name);
    expect(emulator.requests).toHaveLength(0);
  },
);

it("a pod does not sign in as its node when Entra refuses its token", async () => {
  await writeFile(file, await emulator.issuers.kubernetes.issueToken({ subject: "system:serviceaccount:other:one" }));
  const error = await errorOf(open(podEnv()).getToken(scope));
  expect(error).toMatchObject({ outcome: "rejected", code: "no-federated-credential" });
  expect(emulator.requests.every(({ path }) => !path.includes("metadata"))).toBe(true);
});

it("a pod without AZURE_FEDERATED_TOKEN_FILE has the node's identity, and the walk shows the reason", async () => {
  const identity = open({ ...emulator.env("imds") });
  await identity.getToken(scope);
  expect(identity.explain.last?.attempts[0]).toMatchObject({ source: "workload-identity", outcome: "not-configured" });
  expect(identity.explain.last?.winner).toBe("managed-identity");
});

it.each([[["a/.default", "b/.default"]], [["User.Read"]]])(
  "workload-identity refuses the scopes %j before a request is sent",
  async (scopes) => {
    const credential = open(podEnv()).credential("workload-identity");
    expect(await errorOf(credential.getToken(scopes))).toMatchObject({ code: "invalid-scope" });
    expect(emulator.requests).toHaveLength(0);
  },
);

it("workload-identity sends no token to an authority that Entra does not list", async () => {
  const http = createFakeHttp({ status: 400, body: '{"error":"invalid_instance"}' });
  const env = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_ID: "app", AZURE_TENANT_ID: "contoso.com" };
  const context = hostContext(env, http);
  const cloud = { ...context.cloud, authorityHost: "https://login.evil.test", instanceDiscovery: true };
  const credential = await workloadIdentity.create({}, { ...context, cloud });
  const request = { scopes: [scope], enableCae: false, signal: new AbortController().signal } as never;
  expect(await errorOf(credential.getToken(request))).toMatchObject({
    outcome: "misconfigured",
    code: "unknown-authority",
  });
  expect(http.requests.map(({ url }) => new URL(url).hostname)).toEqual(["login.microsoftonline.com"]);
});

describe("workload-identity beside WorkloadIdentityCredential of @azure/identity", () => {
  const trusted = tls.getCACertificates("default");
  beforeAll(() => tls.setDefaultCACertificates([...trusted, emulator.caCertificate]));
  afterAll(() => tls.setDefaultCACertificates(trusted));

  /**
   * The token requests of one acquisition: path and form, without telemetry and claims for
   * id_tokens.
   */
  async function requestsOf(credential: Pick<TokenCredential, "getToken">, options: GetTokenOptions) {
    emulator.requests.clear();
    await credential.getToken(scope, options);
    return emulator.requests
      .filter(({ method }) => method === "POST")
      .map(({ path, form: { claims = "{}", ...form } }) => {
        const { id_token: _, ...parsed } = JSON.parse(claims);
        const names = Object.keys(form).filter((name) => !/^(?:x-|client-request-id$)/.test(name));
        return { path, form: Object.fromEntries(names.map((name) => [name, form[name]])), claims: parsed };
      });
  }

  it.each<[string, GetTokenOptions]>([
    ["a token", {}],
    ["a token for a claims challenge", { enableCae: true, claims: '{"access_token":{"nbf":{"value":"1"}}}' }],
  ])(
    "workload-identity beside WorkloadIdentityCredential of @azure/identity sends for %s the same fields",
    async (_, options) => {
      const { authorityHost, tenantId } = emulator;
      const official = new WorkloadIdentityCredential({
        authorityHost,
        disableInstanceDiscovery: true,
        tenantId,
        clientId: emulator.application.clientId,
        tokenFilePath: file,
      });
      const theirs = await requestsOf(official, options);
      expect(theirs).toHaveLength(1);
      expect(await requestsOf(open(podEnv()).credential("workload-identity"), options)).toEqual(theirs);
    },
  );
});

describe("the token proxy of identity bindings", () => {
  const seen: { url: string | undefined; serverName: unknown }[] = [];
  let server: ReturnType<typeof createServer>;
  let url: string;

  beforeAll(async () => {
    const { certificate: cert, key } = emulator.serverCertificate;
    server = createServer({ cert, key }, (request, response) => {
      seen.push({ url: request.url, serverName: (request.socket as TLSSocket & { servername?: string }).servername });
      response.end(tokenAnswer(Date.now(), { expires_on: undefined, expires_in: 3600 }).body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (variables: Readonly<Record<string, string>>, settings: object = {}, options: object = {}) =>
    open({ ...podEnv(), ...variables }, { http: {}, ...settings })
      .credential("workload-identity", options)
      .getToken(scope);

  it("the token proxy of identity bindings receives the request below its path, with the configured server name and roots", async () => {
    const variables = {
      AZURE_KUBERNETES_TOKEN_PROXY: `${url}/a/`,
      AZURE_KUBERNETES_CA_FILE: emulator.caCertificateFile,
      AZURE_KUBERNETES_SNI_NAME: "login.microsoftonline.com",
    };
    expect((await ask(variables)).token).toBe("opaque");
    expect(seen).toEqual([
      { url: `/a/${emulator.tenantId}/oauth2/v2.0/token`, serverName: "login.microsoftonline.com" },
    ]);
    expect(emulator.requests).toHaveLength(0);
  });

  it("the token proxy of identity bindings is not used when it is disabled", async () => {
    const variables = { AZURE_KUBERNETES_TOKEN_PROXY: url, AZURE_KUBERNETES_CA_DATA: emulator.caCertificate };
    const settings = { http: { caFile: emulator.caCertificateFile } };
    await ask(variables, settings, { enableAzureProxy: false });
    expect(seen).toHaveLength(0);
    expect(emulator.requests).toHaveLength(1);
  });

  it("the token proxy of identity bindings receives nothing when the configured roots do not cover its certificate, even if `http.caFile` does", async () => {
    await using other = await startEmulator();
    const variables = { AZURE_KUBERNETES_TOKEN_PROXY: url, AZURE_KUBERNETES_CA_DATA: other.caCertificate };
    const error = await errorOf(ask(variables, { http: { caFile: emulator.caCertificateFile } }));
    expect(error).toMatchObject({ outcome: "misconfigured", code: "untrusted-certificate" });
    expect(seen).toHaveLength(0);
  });

  it("the token proxy of identity bindings is verified with rotated roots, and an empty file keeps the last valid ones", async () => {
    await using other = await startEmulator();
    const caFile = join(folder, "ca.pem");
    await writeFile(caFile, other.caCertificate);
    const variables = { AZURE_KUBERNETES_TOKEN_PROXY: url, AZURE_KUBERNETES_CA_FILE: caFile };
    const credential = open({ ...podEnv(), ...variables }, { http: {} }).credential("workload-identity");
    expect(await errorOf(credential.getToken(scope))).toMatchObject({ code: "untrusted-certificate" });
    await writeFile(caFile, emulator.caCertificate);
    expect((await credential.getToken(scope)).token).toBe("opaque");
    await writeFile(caFile, "");
    expect((await credential.getToken("https://storage.azure.com/.default")).token).toBe("opaque");
    await writeFile(caFile, "hello");
    expect(await errorOf(credential.getToken("https://graph.microsoft.com/.default"))).toMatchObject({
      code: "invalid-token-proxy",
    });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["http", { AZURE_KUBERNETES_TOKEN_PROXY: "http://127.0.0.1:1" }],
    ["a user", { AZURE_KUBERNETES_TOKEN_PROXY: "https://user@127.0.0.1:1" }],
    ["a query", { AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:1/?a=1" }],
    ["a fragment", { AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:1/#a" }],
    ["no URL", { AZURE_KUBERNETES_TOKEN_PROXY: "127.0.0.1:1" }],
    [
      "both kinds of roots",
      {
        AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:1",
        AZURE_KUBERNETES_CA_FILE: "/a",
        AZURE_KUBERNETES_CA_DATA: "b",
      },
    ],
    ["roots that are none", { AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:1", AZURE_KUBERNETES_CA_DATA: "b" }],
    [
      "a file that is not there",
      { AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:1", AZURE_KUBERNETES_CA_FILE: "/no/such/file" },
    ],
    ["roots without a proxy", { AZURE_KUBERNETES_CA_FILE: "/a" }],
  ])("the token proxy of identity bindings is refused when configured with %s", async (_, variables) => {
    expect(await errorOf(ask(variables))).toMatchObject({ outcome: "misconfigured", code: "invalid-token-proxy" });
    expect(seen).toHaveLength(0);
  });
});
