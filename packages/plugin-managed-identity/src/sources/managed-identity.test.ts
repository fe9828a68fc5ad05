import {
  createFakeClock,
  createFakeHttp,
  createTestContext,
  createTestRequest,
  testCredentialSource,
} from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { azureTag, errorOf, fakeMachine, hostContext, tokenAnswer } from "../../test/support.ts";
import type { Machine } from "../machine.ts";
import type { ManagedIdentityOptions } from "../resolve-host.ts";
import { createManagedIdentitySource } from "./managed-identity.ts";

type Env = Readonly<Record<string, string>>;

const appService = { IDENTITY_ENDPOINT: "http://127.0.0.1:41741/msi/token", IDENTITY_HEADER: "c4n4ry" };
const fabric = {
  IDENTITY_ENDPOINT: "https://localhost:2377/metadata/identity/oauth2/token",
  IDENTITY_HEADER: "c4n4ry",
  IDENTITY_SERVER_THUMBPRINT: "AB".repeat(20),
};
const ml = { MSI_ENDPOINT: "http://127.0.0.1:46808/MSI/auth", MSI_SECRET: "c4n4ry" };
const shell = { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" };
const arc = {
  IDENTITY_ENDPOINT: "http://localhost:40342/metadata/identity/oauth2/token",
  IMDS_ENDPOINT: "http://localhost:40342",
};
const pod = { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:80/" };

const detect = (env: Env, options: ManagedIdentityOptions = {}, machine: Machine = fakeMachine()) =>
  createManagedIdentitySource(machine).detect?.(options, createTestContext({ env }));

/** The request that a host gets, and how the acquisition ended. */
async function ask(
  env: Env,
  options: ManagedIdentityOptions = {},
  request: Parameters<typeof createTestRequest>[0] = {},
) {
  const context = hostContext(env);
  const credential = await createManagedIdentitySource(fakeMachine({ tag: azureTag })).create(options, context);
  const outcome = await credential.getToken(createTestRequest(request)).catch((error) => error);
  return { outcome, request: context.http.requests[0], url: new URL(context.http.requests[0]?.url ?? "none:") };
}

describe("managed-identity", () => {
  testCredentialSource(
    { it },
    {
      source: createManagedIdentitySource(fakeMachine()),
      env: appService,
      options: { clientId: "one" },
      secrets: ["c4n4ry"],
      working: () => ({ http: createFakeHttp(tokenAnswer(Date.now())) }),
    },
  );
});

it.each<[string, Env, ManagedIdentityOptions, string]>([
  ["the variables of a host", appService, {}, "ready"],
  ["a host of its own for the metadata service", pod, {}, "ready"],
  ["half of the variables of a host", { IDENTITY_HEADER: "c4n4ry" }, {}, "ready"],
  ["a named host", {}, { source: "imds" }, "ready"],
  ["nothing", {}, {}, "possible"],
])("the detection of managed-identity with %s is %s", (_, env, options, state) => {
  const detection = detect(env, options);
  expect(detection?.state).toBe(state);
  expect(detection?.reason).not.toContain("c4n4ry");
});

it("the detection of managed-identity takes Azure's chassis tag as evidence, and another tag as evidence against", () => {
  expect(detect({}, {}, fakeMachine({ tag: azureTag }))?.state).toBe("likely");
  expect(detect({}, {}, fakeMachine({ tag: "Default string" }))).toMatchObject({ state: "absent" });
  expect(detect({}, { clientId: "a" }, fakeMachine({ tag: "Default string" }))).toMatchObject({ state: "absent" });
  expect(detect({}, { source: "imds" }, fakeMachine({ tag: "Default string" }))).toMatchObject({ state: "ready" });
  expect(detect(appService, {}, fakeMachine({ tag: "Default string" }))).toMatchObject({ state: "ready" });
});

it.each<[string, string, Env, string]>([
  ["win32", "C:\\WindowsAzure", {}, "likely"],
  ["win32", "D:\\WindowsAzure", { SystemDrive: "D:" }, "likely"],
  ["win32", "C:\\WindowsAzure", { SystemDrive: "D:" }, "possible"],
  ["linux", "C:\\WindowsAzure", {}, "possible"],
])(
  "the detection of managed-identity takes the guest agent's folder as evidence on Windows alone: %s, %s, %j",
  (platform, folder, env, state) => {
    expect(detect(env, {}, fakeMachine({ platform, files: [folder] }))?.state).toBe(state);
  },
);

it("the detection of managed-identity names the host, AZURE_CLIENT_ID, and a job that would use the identity of its machine", () => {
  expect(detect({ ...appService, AZURE_CLIENT_ID: "a" })?.reason).toMatch(/^app-service: .*AZURE_CLIENT_ID/);
  expect(detect({ GITHUB_ACTIONS: "true" }, {}, fakeMachine({ tag: azureTag }))?.reason).toContain("GITHUB_ACTIONS");
  expect(detect({ ...appService, GITHUB_ACTIONS: "true" })?.reason).not.toContain("GITHUB_ACTIONS");
});

it.each<[string, Env, ManagedIdentityOptions, string]>([
  ["app-service", appService, {}, "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=R"],
  [
    "app-service",
    appService,
    { clientId: "I" },
    "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=R&client_id=I",
  ],
  [
    "app-service",
    appService,
    { objectId: "I" },
    "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=R&object_id=I",
  ],
  [
    "app-service",
    appService,
    { resourceId: "I" },
    "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&resource=R&mi_res_id=I",
  ],
  ["azure-ml", ml, { clientId: "I" }, "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&resource=R&clientid=I"],
  [
    "azure-ml",
    { ...ml, DEFAULT_IDENTITY_CLIENT_ID: "D" },
    {},
    "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&resource=R&clientid=D",
  ],
  ["azure-ml", ml, {}, "http://127.0.0.1:46808/MSI/auth?api-version=2017-09-01&resource=R"],
  ["cloud-shell", shell, {}, "http://localhost:50342/oauth2/token"],
  ["azure-arc", arc, {}, "http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version=2020-06-01&resource=R"],
  [
    "azure-arc by name",
    {},
    { source: "azure-arc" },
    "http://127.0.0.1:40342/metadata/identity/oauth2/token?api-version=2020-06-01&resource=R",
  ],
  [
    "service-fabric",
    fabric,
    {},
    "https://localhost:2377/metadata/identity/oauth2/token?api-version=2019-07-01-preview&resource=R",
  ],
  [
    "service-fabric of a newer cluster",
    { ...fabric, IDENTITY_API_VERSION: "2020-05-01" },
    {},
    "https://localhost:2377/metadata/identity/oauth2/token?api-version=2020-05-01&resource=R",
  ],
  ["imds", {}, {}, "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=R"],
  [
    "imds",
    pod,
    { clientId: "I" },
    "http://127.0.0.1/metadata/identity/oauth2/token?api-version=2018-02-01&resource=R&client_id=I",
  ],
  [
    "imds",
    {},
    { objectId: "I" },
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=R&object_id=I",
  ],
  [
    "imds",
    {},
    { resourceId: "I" },
    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=R&msi_res_id=I",
  ],
])("managed-identity sends the token request of %s with %j and %j", async (_, env, options, url) => {
  const { request } = await ask(env, options, { scopes: ["R/.default"] });
  expect(request?.url).toBe(url);
  expect(request?.proxy).toBe("never");
});

it("managed-identity sends the header that each host requires, and the resource in the body of Cloud Shell", async () => {
  expect((await ask(appService)).request?.headers).toEqual({ "X-IDENTITY-HEADER": "c4n4ry" });
  expect((await ask(ml)).request?.headers).toEqual({ secret: "c4n4ry" });
  expect((await ask({})).request?.headers).toEqual({ Metadata: "true" });
  expect((await ask(arc)).request?.headers).toEqual({ Metadata: "true" });
  expect((await ask(fabric)).request?.headers).toEqual({ secret: "c4n4ry", Accept: "application/json" });
  const { request } = await ask(shell);
  expect(request).toMatchObject({ method: "POST", body: "resource=https%3A%2F%2Fvault.azure.net" });
  expect(request?.headers).toMatchObject({ Metadata: "true" });
});

it("managed-identity sends Service Fabric's thumbprint, which is compared before anything is sent", async () => {
  expect((await ask(fabric)).request?.tls).toMatchObject({ pin: { thumbprint: "AB".repeat(20) } });
  const spaced = { ...fabric, IDENTITY_SERVER_THUMBPRINT: `${"ab:".repeat(19)} ab` };
  expect((await ask(spaced)).request?.tls).toMatchObject({ pin: { thumbprint: "ab".repeat(20) } });
});

it.each(["AB".repeat(19), "zz".repeat(20), "AB".repeat(32)])(
  "managed-identity sends no secret to Service Fabric with the thumbprint %j",
  async (thumbprint) => {
    const { outcome, request } = await ask({ ...fabric, IDENTITY_SERVER_THUMBPRINT: thumbprint });
    expect(outcome).toMatchObject({ outcome: "misconfigured", code: "invalid-thumbprint" });
    expect(request).toBeUndefined();
  },
);

it("managed-identity sends the hash of a refused token to hosts that support it, and never the claims", async () => {
  const refused = { claims: '{"access_token":{"nbf":{}}}', refusedToken: "test_token", enableCae: true };
  const hash = "cc0af97287543b65da2c7e1476426021826cab166f1e063ed012b855ff819656";
  for (const env of [fabric, appService]) {
    const { url } = await ask(env, {}, refused);
    expect(url.searchParams.get("token_sha256_to_refresh")).toBe(hash);
    expect(url.searchParams.get("xms_cc")).toBe("cp1");
    expect(url.href).not.toContain("nbf");
  }
  const { url } = await ask({}, {}, refused);
  expect([...url.searchParams.keys()]).toEqual(["api-version", "resource"]);
});

it.each<[string, Env, ManagedIdentityOptions, string]>([
  ["for an object id at Azure ML", ml, { objectId: "I" }, "unsupported-identity"],
  ["for a resource id at Azure ML", ml, { resourceId: "I" }, "unsupported-identity"],
  ["for a client id at Cloud Shell", shell, { clientId: "I" }, "unsupported-identity"],
  ["for AZURE_CLIENT_ID at Cloud Shell", { ...shell, AZURE_CLIENT_ID: "I" }, {}, "unsupported-identity"],
  ["for a client id at Service Fabric", fabric, { clientId: "I" }, "unsupported-identity"],
  ["to a malformed endpoint", { ...appService, IDENTITY_ENDPOINT: "localhost:1" }, {}, "malformed-endpoint"],
  ["to Service Fabric without TLS", { ...fabric, IDENTITY_ENDPOINT: "http://localhost:1" }, {}, "malformed-endpoint"],
  [
    "to an agent of Arc on another machine",
    { ...arc, IDENTITY_ENDPOINT: "http://10.0.0.4/" },
    {},
    "malformed-endpoint",
  ],
  [
    "to a metadata service at a public address",
    { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://imds.contoso.com" },
    {},
    "malformed-endpoint",
  ],
  ["to an unknown host", { IMDS_ENDPOINT: "http://c4n4ry" }, {}, "unknown-host"],
])("managed-identity sends nothing %s", async (_, env, options, code) => {
  const { outcome, request } = await ask(env, options);
  expect(outcome).toMatchObject({ outcome: "misconfigured", code });
  expect(request).toBeUndefined();
  expect(String(outcome)).not.toContain("c4n4ry");
});

it.each([[["a/.default", "b/.default"]], [["/.default"]]] as [[string, ...string[]]][])(
  "managed-identity sends nothing for the scopes %j",
  async (scopes) => {
    const { outcome, request } = await ask(appService, {}, { scopes });
    expect(outcome).toMatchObject({ outcome: "misconfigured", code: "invalid-scope" });
    expect(request).toBeUndefined();
  },
);

it.each([
  ["https://vault.azure.net//.default", "https://vault.azure.net/"],
  ["https://vault.azure.net/", "https://vault.azure.net/"],
  ["api://orders/.default", "api://orders"],
  ["9f2e9ab0-4d5d-4c0e-8c1e-3a4b8d7b5d11", "9f2e9ab0-4d5d-4c0e-8c1e-3a4b8d7b5d11"],
])("the scope %s becomes the resource %s", async (scope, resource) => {
  expect((await ask(appService, {}, { scopes: [scope] })).url.searchParams.get("resource")).toBe(resource);
});

describe("a probe of the metadata service", () => {
  const own = JSON.stringify({ error: "invalid_request", error_description: "Required metadata header not specified" });
  const probe = async (
    http = createFakeHttp(),
    machine = fakeMachine(),
    env: Env = {},
    options: ManagedIdentityOptions = {},
  ) => {
    const clock = createFakeClock();
    const context = createTestContext({ env, http, clock });
    const source = createManagedIdentitySource(machine);
    const credential = await source.create(options, context);
    const answer = credential.probe?.(new AbortController().signal);
    await clock.advance(1_000);
    return { answer: await answer, requests: http.requests, later: source.detect?.(options, context) };
  };

  it("a probe of the metadata service sends no header and no parameters, and uses no proxy", async () => {
    const { requests } = await probe(createFakeHttp({ status: 400 }));
    expect(requests).toEqual([
      { method: "GET", url: "http://169.254.169.254/metadata/identity/oauth2/token", proxy: "never" },
    ]);
  });

  it("a probe of the metadata service recognises Azure's JSON, and the source remembers it for all its credentials", async () => {
    const { answer, later } = await probe(createFakeHttp({ status: 400, body: own }));
    expect(answer).toMatchObject({ state: "likely" });
    expect(later).toMatchObject({ state: "likely", reason: expect.stringContaining("has answered") });
  });

  it.each([400, 408, 410, 429, 500, 502, 503, 504])(
    "a probe of the metadata service leaves the state possible when the response is %s in another form",
    async (status) => {
      const { answer, later } = await probe(createFakeHttp({ status, body: "<html>" }));
      expect([answer?.state, later?.state]).toEqual(["possible", "possible"]);
    },
  );

  it.each([200, 204, 302, 401, 403, 404])(
    "a probe of the metadata service finds no metadata service when the response is %s, even in JSON",
    async (status) => {
      const { answer, later } = await probe(createFakeHttp({ status, body: own }));
      expect(answer).toMatchObject({ state: "absent", code: "unreachable" });
      expect(later?.state).toBe("possible");
    },
  );

  it("a probe of the metadata service finds no metadata service after a second of silence, where nothing listens, and behind Docker Desktop", async () => {
    const docker = { status: 403, body: "dial tcp: A socket operation was attempted to an unreachable network." };
    for (const http of [createFakeHttp("silence"), createFakeHttp(), createFakeHttp(docker)]) {
      expect((await probe(http)).answer).toMatchObject({ state: "absent", code: "unreachable" });
    }
  });

  it("a probe of the metadata service is sent on an Azure machine, too", async () => {
    const { answer, requests } = await probe(createFakeHttp(), fakeMachine({ tag: azureTag }));
    expect(answer).toMatchObject({ state: "absent", code: "unreachable" });
    expect(requests).toHaveLength(1);
  });

  it("a probe of the metadata service is not sent where the host is configured, or the chassis tag is another one", async () => {
    for (const [env, options, machine] of [
      [pod, {}, fakeMachine()],
      [appService, {}, fakeMachine()],
      [{}, { source: "imds" }, fakeMachine()],
      [{}, {}, fakeMachine({ tag: "Default string" })],
    ] as const) {
      expect((await probe(createFakeHttp(), machine, env, options)).requests).toHaveLength(0);
    }
  });

  it("a probe of the metadata service ends when the caller aborts", async () => {
    const controller = new AbortController();
    const context = createTestContext({ http: createFakeHttp("silence") });
    const credential = await createManagedIdentitySource(fakeMachine()).create({}, context);
    const answer = errorOf(credential.probe?.(controller.signal) ?? Promise.resolve());
    controller.abort(new Error("gone"));
    expect(await answer).toMatchObject({ message: "gone" });
  });
});

describe("managed-identity in a pod with an identity of its own", () => {
  const variables = {
    AZURE_FEDERATED_TOKEN_FILE: "/no/such/file",
    AZURE_TENANT_ID: "contoso.com",
    AZURE_CLIENT_ID: "app",
  };

  it("managed-identity in a pod with an identity of its own uses that identity, and never the node's", async () => {
    expect(detect(variables)).toMatchObject({ state: "ready" });
    const { outcome, request } = await ask(variables);
    expect(outcome).toMatchObject({ outcome: "misconfigured", code: "token-file-unreadable" });
    expect(request).toBeUndefined();
  });

  it.each([[{ clientId: null }], [{ objectId: "I" }], [{ resourceId: "I" }]])(
    "managed-identity in a pod with an identity of its own refuses %j",
    async (options) => {
      const context = hostContext(variables);
      const source = createManagedIdentitySource(fakeMachine());
      const error = await errorOf((async () => source.create(options, context))());
      expect(error).toMatchObject({ outcome: "misconfigured", code: "unsupported-identity" });
    },
  );

  it('managed-identity in a pod with an identity of its own uses the node with `source: "imds"`', async () => {
    const { url } = await ask(variables, { source: "imds", clientId: null });
    expect(url.hostname).toBe("169.254.169.254");
  });
});
