import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, otherScope, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { type CannedAnswer, type RecordedHttp, recordHttp } from "./recorded-http.ts";
import type { World } from "./world.ts";

const resource = "https://vault.azure.net";
const unavailable = "CredentialUnavailableError";
const clientId = "11111111-2222-4333-8444-555555555555";
const objectId = "66666666-7777-4888-9999-000000000000";
const resourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

type Variables = Readonly<Record<string, string>>;
interface Host {
  readonly name: string;
  readonly variables: Variables;
  /** The request for the system-assigned identity. */
  readonly request: object;
  /** The query parameter for each kind of id. */
  readonly ids: Readonly<Partial<Record<"clientId" | "objectId" | "resourceId", string>>>;
}

const hosts: readonly Host[] = [
  {
    name: "the metadata service",
    variables: {},
    request: {
      method: "GET",
      url: "http://169.254.169.254/metadata/identity/oauth2/token",
      query: { "api-version": "2018-02-01", resource },
      headers: { metadata: "true" },
    },
    ids: { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" },
  },
  {
    name: "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    variables: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://10.0.0.1:8080" },
    request: {
      method: "GET",
      url: "http://10.0.0.1:8080/metadata/identity/oauth2/token",
      query: { "api-version": "2018-02-01", resource },
      headers: { metadata: "true" },
    },
    ids: { clientId: "client_id", objectId: "object_id", resourceId: "msi_res_id" },
  },
  {
    name: "App Service",
    variables: { IDENTITY_ENDPOINT: "http://10.0.0.1:8081/msi/token", IDENTITY_HEADER: "a header" },
    request: {
      method: "GET",
      url: "http://10.0.0.1:8081/msi/token",
      query: { "api-version": "2019-08-01", resource },
      headers: { "x-identity-header": "a header" },
    },
    ids: { clientId: "client_id", objectId: "object_id", resourceId: "mi_res_id" },
  },
  {
    name: "Cloud Shell",
    variables: { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" },
    request: {
      method: "POST",
      url: "http://localhost:50342/oauth2/token",
      query: { resource },
      headers: { metadata: "true" },
    },
    ids: {},
  },
  {
    name: "Azure Machine Learning",
    variables: { MSI_ENDPOINT: "http://10.0.0.1:8082/msi/token", MSI_SECRET: "a secret" },
    request: {
      method: "GET",
      url: "http://10.0.0.1:8082/msi/token",
      query: { "api-version": "2017-09-01", resource },
      headers: expect.objectContaining({ secret: "a secret" }), // MSAL sends Metadata, too
    },
    ids: { clientId: "clientid" },
  },
  {
    name: "Service Fabric",
    variables: {
      IDENTITY_ENDPOINT: "https://localhost:2377/metadata/identity/oauth2/token",
      IDENTITY_HEADER: "a header",
      IDENTITY_SERVER_THUMBPRINT: "0123456789012345678901234567890123456789",
    },
    request: {
      method: "GET",
      url: "https://localhost:2377/metadata/identity/oauth2/token",
      query: { "api-version": "2019-07-01-preview", resource },
      headers: { secret: "a header" },
    },
    ids: {},
  },
];
const [imds, , appService, cloudShell] = hosts as [Host, Host, Host, Host];

const seconds = Math.floor(Date.now() / 1000) + 86_000;
const issued = (changes: object = {}): CannedAnswer => ({
  headers: { "content-type": "application/json" },
  body: { access_token: "a-token", expires_on: String(seconds), resource, token_type: "Bearer", ...changes },
});

/** What a host is asked, with the parameters in query or form. */
function requestsOf({ requests }: RecordedHttp) {
  return requests.map(({ method, url, headers, body }) => {
    const { origin, pathname, searchParams } = new URL(url);
    const form = typeof body === "string" ? Object.fromEntries(new URLSearchParams(body)) : {};
    const named = ["metadata", "secret", "x-identity-header"].filter((name) => headers.has(name));
    return {
      method,
      url: origin + pathname.replace(/\/$/, ""), // MSAL ends some paths with a slash
      query: { ...Object.fromEntries(searchParams), ...form },
      headers: Object.fromEntries(named.map((name) => [name, headers.get(name)])),
    };
  });
}

/** A credential on a host that answers all requests in this way. */
function onHost(world: World, { variables }: Host, answer: CannedAnswer = issued(), options: object | string = {}) {
  world.env(variables);
  const http = recordHttp(() => answer);
  const own = { httpClient: http.client, retryOptions: { maxRetries: 0 } };
  const credential =
    typeof options === "string"
      ? world.create("ManagedIdentityCredential", options, own)
      : world.create("ManagedIdentityCredential", { ...own, ...options });
  return { http, credential };
}

const row = (behaviour: string, run: Row["run"], expected: unknown): Row => ({ behaviour, run, expected, fresh: true });

const requests = hosts.flatMap((host): Row[] => [
  row(
    `ManagedIdentityCredential asks ${host.name} for the system-assigned identity`,
    async (world) => {
      const { http, credential } = onHost(world, host);
      const { token } = await credential.getToken(scope);
      return { token, requests: requestsOf(http) };
    },
    { token: "a-token", requests: [host.request] },
  ),
  ...Object.entries(host.ids).map(([kind, parameter]) =>
    row(
      `ManagedIdentityCredential asks ${host.name} by ${kind}`,
      async (world) => {
        const id = { clientId, objectId, resourceId }[kind];
        const { http, credential } = onHost(world, host, issued(), { [kind]: id });
        await credential.getToken(scope);
        return requestsOf(http).map(({ query }) => query);
      },
      [
        {
          ...(host.request as { query: object }).query,
          [parameter]: { clientId, objectId, resourceId }[kind],
        },
      ],
    ),
  ),
]);

const refusedIds = (["Cloud Shell", "Service Fabric"] as const).flatMap((name) =>
  Object.entries({ clientId, objectId, resourceId }).map(([kind, id]) =>
    row(
      `ManagedIdentityCredential refuses ${kind} on ${name} when it is made`,
      (world) => {
        const host = hosts.find((each) => each.name === name) ?? imds;
        return world.failure(() => onHost(world, host, issued(), { [kind]: id }));
      },
      failure(unavailable, "not supported", name.replace(" ", name === "Cloud Shell" ? "" : " ")),
    ),
  ),
);

const tokens: readonly Row[] = [
  row(
    "ManagedIdentityCredential takes the client id as text",
    async (world) => {
      const { http, credential } = onHost(world, imds, issued(), clientId);
      await credential.getToken([scope]);
      return requestsOf(http).map(({ query }) => query);
    },
    [{ "api-version": "2018-02-01", resource, client_id: clientId }],
  ),
  row(
    "A token of a managed identity has text, expiry in milliseconds and type",
    (world) => onHost(world, appService).credential.getToken(scope),
    expect.objectContaining({ token: "a-token", expiresOnTimestamp: seconds * 1000, tokenType: "Bearer" }),
  ),
  ...(
    [
      ["seconds as text", { expires_on: String(seconds) }],
      ["seconds", { expires_on: seconds }],
      ["an ISO date", { expires_on: new Date(seconds * 1000).toISOString() }],
    ] as const
  ).map(([what, changes]) =>
    row(
      `ManagedIdentityCredential reads an expiry in ${what}`,
      async (world) => (await onHost(world, appService, issued(changes)).credential.getToken(scope)).expiresOnTimestamp,
      seconds * 1000,
    ),
  ),
  row(
    "A token of a day is to be refreshed after half of it",
    async (world) => {
      const { refreshAfterTimestamp = 0, expiresOnTimestamp } = await onHost(world, imds).credential.getToken(scope);
      const half = (expiresOnTimestamp - Date.now()) / 2;
      return Math.abs(refreshAfterTimestamp - Date.now() - half) < 60_000;
    },
    true,
  ),
  row(
    "A second call gets the managed identity's token from memory",
    async (world) => {
      const { http, credential } = onHost(world, imds);
      await credential.getToken(scope);
      await credential.getToken([scope]);
      return http.requests.length;
    },
    1,
  ),
  row(
    "Another scope is another request of a managed identity",
    async (world) => {
      const { http, credential } = onHost(world, imds);
      await credential.getToken(scope);
      await credential.getToken(otherScope);
      return requestsOf(http).map(({ query }) => (query as { resource?: string }).resource);
    },
    [resource, "https://storage.azure.com"],
  ),
  row(
    "Two ManagedIdentityCredentials share a token",
    async (world) => {
      let requests = 0;
      const server = createServer((_, response) => {
        requests++;
        response.setHeader("Content-Type", "application/json").end(JSON.stringify(issued().body));
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      const { port } = server.address() as AddressInfo;
      world.env({ IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: "a header" });
      const [first, second] = [world.create("ManagedIdentityCredential"), world.create("ManagedIdentityCredential")];
      const tokens = [await first.getToken(scope), await second.getToken(scope)];
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      return [tokens.map(({ token }) => token), requests];
    },
    [["a-token", "a-token"], 1],
  ),
  row(
    "A scope without /.default is the resource",
    async (world) => {
      const { http, credential } = onHost(world, imds);
      await credential.getToken(resource);
      return requestsOf(http).map(({ query }) => (query as { resource?: string }).resource);
    },
    [resource],
  ),
  row(
    "A double slash in a scope is in the resource",
    async (world) => {
      const { http, credential } = onHost(world, imds);
      await credential.getToken("https://monitor.azure.com//.default");
      return requestsOf(http).map(({ query }) => (query as { resource?: string }).resource);
    },
    ["https://monitor.azure.com/"],
  ),
  row(
    "Managed identities ignore the tenant of a request",
    async (world) => (await onHost(world, imds).credential.getToken(scope, { tenantId: contoso })).token,
    "a-token",
  ),
];

const failures: readonly Row[] = [
  row(
    "ManagedIdentityCredential refuses two scopes",
    (world) => world.failure(() => onHost(world, imds).credential.getToken([scope, otherScope])),
    failure(unavailable, "ManagedIdentityCredential", "multiple scopes"),
  ),
  ...([imds, appService, cloudShell] as const).map((host) =>
    row(
      `A refusal of ${host.name} makes ManagedIdentityCredential unavailable, in the host's words`,
      (world) => {
        const refusal = { status: 400, body: { error: "invalid_request", error_description: "Identity not found" } };
        return world.failure(() => onHost(world, host, refusal).credential.getToken(scope));
      },
      failure(unavailable, "ManagedIdentityCredential", "Identity not found"),
    ),
  ),
  row(
    "A failure of the host makes ManagedIdentityCredential unavailable",
    (world) =>
      world.failure(() => onHost(world, imds, { status: 500, body: { error: "oh" } }).credential.getToken(scope)),
    failure(unavailable, "ManagedIdentityCredential", "authentication failed"),
  ),
  row(
    "A response without token is an error after which chains go on",
    async (world) => {
      const result = await world.failure(() => onHost(world, imds, { body: {} }).credential.getToken(scope));
      return typeof result === "object" && /^(CredentialUnavailable|AuthenticationRequired)Error$/.test(result.name);
    },
    true,
  ),
  ...["ENETUNREACH", "EHOSTUNREACH"].map((code) =>
    row(
      `${code} makes ManagedIdentityCredential unavailable as unreachable`,
      (world) => {
        const sendRequest = () => Promise.reject(Object.assign(new Error(`connect ${code}`), { code }));
        const options = { httpClient: { sendRequest }, retryOptions: { maxRetries: 0 } };
        return world.failure(() => world.create("ManagedIdentityCredential", options).getToken(scope));
      },
      failure(unavailable, "ManagedIdentityCredential", "network unreachable"),
    ),
  ),
  row(
    "The error of ManagedIdentityCredential has a cause",
    async (world) => {
      const { credential } = onHost(world, imds, { status: 400, body: { error: "invalid_request" } });
      return credential.getToken(scope).catch((error: Error) => error.cause instanceof Error);
    },
    true,
  ),
  ...[404, 429, 500, 503].map((status) =>
    row(
      `ManagedIdentityCredential asks the metadata service again after ${status}`,
      async (world) => {
        const http = recordHttp((_, index) =>
          index === 0 ? { status, headers: { "retry-after-ms": "1" }, body: {} } : issued(),
        );
        const retryOptions = { maxRetries: 1, retryDelayInMs: 1 };
        const options = { httpClient: http.client, retryOptions };
        await world.failure(() => world.create("ManagedIdentityCredential", options).getToken(scope));
        return http.requests.length;
      },
      2,
    ),
  ),
];

/** A credential whose metadata service has a token after so many answers of 410, in fake time. */
async function waitsAfter410(world: World, times: number, retryOptions: object) {
  const realTurn = setImmediate;
  vi.useFakeTimers();
  const at: number[] = [];
  const http = recordHttp((_, index) => {
    at.push(Date.now());
    return index < times ? { status: 410, body: { error: "gone" } } : issued();
  });
  const credential = world.create("ManagedIdentityCredential", { httpClient: http.client, retryOptions });
  let outcome: unknown;
  void world
    .failure(() => credential.getToken(scope))
    .then((result) => {
      outcome = result;
    });
  while (outcome === undefined) {
    await new Promise((resolve) => realTurn(resolve)); // what is loaded takes no fake time
    if (at.length > 0) await vi.advanceTimersByTimeAsync(1_000);
  }
  const [first = 0] = at;
  return { outcome, requests: at.length, waitedMs: (at.at(-1) ?? 0) - first };
}

const updates: readonly Row[] = [
  row(
    "ManagedIdentityCredential waits for a metadata service that answers 410 while it is updated",
    async (world) => {
      const { outcome, requests } = await waitsAfter410(world, 3, {});
      return { outcome, requests };
    },
    { outcome: "no failure", requests: 4 },
  ),
  {
    behaviour: "ManagedIdentityCredential with retryDelayInMs asks again after 410",
    async run(world) {
      const { outcome, waitedMs } = await waitsAfter410(world, 1, { maxRetries: 1, retryDelayInMs: 1 });
      return { outcome, isSooner: waitedMs < 1_500 };
    },
    expected: { outcome: "no failure", isSooner: false },
    ours: {
      expected: { outcome: "no failure", isSooner: true },
      documented: "404 and 410 of the metadata service have pauses of their own",
    },
    fresh: true,
  },
  row(
    "ManagedIdentityCredential without retries asks once after 410",
    async (world) => {
      const { outcome, requests } = await waitsAfter410(world, 9, { maxRetries: 0 });
      return { outcome, requests };
    },
    { outcome: failure(unavailable, "ManagedIdentityCredential"), requests: 1 },
  ),
];

const workload: readonly Row[] = [
  row(
    "ManagedIdentityCredential in a pod exchanges the pod's token",
    async (world) => {
      world.env({
        AZURE_TENANT_ID: contoso,
        AZURE_CLIENT_ID: app.clientId,
        AZURE_FEDERATED_TOKEN_FILE: world.file(
          "token",
          await world.emulator.issuers.kubernetes.issueToken({ audience: "api://AzureADTokenExchange" }),
        ),
        AZURE_AUTHORITY_HOST: world.emulator.authorityHost,
      });
      const { token } = await world.create("ManagedIdentityCredential").getToken(scope);
      return [typeof token, world.emulator.requests.to("/token").map(({ form }) => form.client_assertion_type)];
    },
    ["string", ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]],
  ),
];

compare("ManagedIdentityCredential", [...requests, ...refusedIds, ...tokens, ...failures, ...updates, ...workload]);
