import { expect } from "vitest";
import { compare, type Row } from "./compare.ts";
import { app, contoso, fabrikam, scope } from "./directory.ts";
import { failure } from "./failure.ts";
import { answerAsEntra, type CannedAnswer, recordHttp } from "./recorded-http.ts";
import { claimsOf, requestCount } from "./wire.ts";
import type { World } from "./world.ts";

const id = app.clientId;
const job = (value = "https://pipelines.example/oidc") => ({ SYSTEM_OIDCREQUESTURI: value });

function real(world: World, options: object = {}) {
  const { requestUri, serviceConnectionId, systemAccessToken } = world.emulator.issuers.azurePipelines;
  world.env(job(requestUri));
  const all = { ...world.entra, ...options };
  return world.create("AzurePipelinesCredential", contoso, id, serviceConnectionId, systemAccessToken, all);
}

/** What comes of a response of Azure Pipelines. */
async function after(world: World, answer: CannedAnswer) {
  const http = recordHttp((request) => (request.url.includes("pipelines.example") ? answer : answerAsEntra(request)));
  world.env(job());
  const options = { httpClient: http.client, retryOptions: { maxRetries: 0 } };
  const credential = world.create("AzurePipelinesCredential", contoso, id, "connection", "system token", options);
  const result = await world.failure(() => credential.getToken(scope));
  const request = http.requests.find(({ url }) => url.includes("pipelines.example"));
  return { result, request };
}

const reports = (what: string, answer: CannedAnswer, ...words: string[]): Row => ({
  behaviour: `AzurePipelinesCredential reports ${what}`,
  run: async (world) => (await after(world, answer)).result,
  expected: failure("AuthenticationError", "AzurePipelinesCredential", ...words),
});

const headers = { "x-vss-e2eid": "an activity", "x-msedge-ref": "an edge" };

compare("AzurePipelinesCredential", [
  {
    behaviour: "AzurePipelinesCredential is unavailable outside a pipeline",
    run: (world) => world.failure(() => world.create("AzurePipelinesCredential", contoso, id, "connection", "token")),
    expected: failure("CredentialUnavailableError", "SYSTEM_OIDCREQUESTURI"),
  },
  {
    behaviour: "AzurePipelinesCredential gets a token of the service connection",
    run: async (world) => claimsOf(await real(world).getToken(scope)).appid,
    expected: id,
  },
  {
    behaviour: "AzurePipelinesCredential gets a second token from memory",
    async run(world) {
      const credential = real(world);
      const first = await credential.getToken(scope);
      const second = await credential.getToken(scope);
      return { same: first.token === second.token, requests: requestCount(world.emulator) };
    },
    expected: { same: true, requests: 1 },
  },
  {
    behaviour: "AzurePipelinesCredential posts to the address of the job, without redirects to a sign-in",
    async run(world) {
      const { request } = await after(world, { body: { oidcToken: "a.b.c" } });
      const { method, url = "", headers } = request ?? {};
      return {
        method,
        url: url.split("?")[0],
        query: Object.fromEntries(new URL(url).searchParams),
        authorization: headers?.get("authorization"),
        redirect: headers?.get("x-tfs-fedauthredirect"),
        type: headers?.get("content-type"),
      };
    },
    expected: {
      method: "POST",
      url: "https://pipelines.example/oidc",
      query: { "api-version": "7.1", serviceConnectionId: "connection" },
      authorization: "Bearer system token",
      redirect: "Suppress",
      type: expect.stringContaining("application/json"),
    },
  },
  reports("a response without text", { status: 200, body: "", headers }, "Authentication Failed", "null token", "200"),
  reports("a refusal without text", { status: 401, body: "", headers }, "null token", "401", "an activity", "an edge"),
  reports("a response without token", { status: 200, body: {} }, "oidcToken field not detected"),
  reports(
    "a refusal, in the service's words",
    { status: 404, body: { message: "no such connection" }, headers },
    "oidcToken field not detected",
    "404",
    "no such connection",
    "an activity",
    "an edge",
  ),
  reports(
    "a page in place of JSON",
    { status: 200, body: "<h1>Sign in</h1>", headers: { ...headers, "content-type": "text/html" } },
    "oidcToken field not detected",
    "Sign in",
  ),
  {
    behaviour: "AzurePipelinesCredential has the status of the response in its error",
    async run(world) {
      const http = recordHttp(() => ({ status: 403, body: { message: "no" } }));
      world.env(job());
      const options = { httpClient: http.client, retryOptions: { maxRetries: 0 } };
      const credential = world.create("AzurePipelinesCredential", contoso, id, "connection", "token", options);
      return credential.getToken(scope).catch((error: { statusCode: number }) => error.statusCode);
    },
    expected: 403,
  },
  {
    behaviour: "AzurePipelinesCredential refuses another tenant",
    run: (world) => world.failure(() => real(world).getToken(scope, { tenantId: fabrikam })),
    expected: failure("CredentialUnavailableError", "not configured to acquire tokens for tenant"),
  },
  {
    behaviour: "AzurePipelinesCredential reads SYSTEM_OIDCREQUESTURI when it is made",
    async run(world) {
      const credential = real(world);
      world.env({ SYSTEM_OIDCREQUESTURI: undefined });
      return claimsOf(await credential.getToken(scope)).appid;
    },
    expected: id,
  },
  {
    behaviour: "AzurePipelinesCredential leaves the options of its caller as they are",
    run(world) {
      const options = { loggingOptions: {} };
      world.env(job());
      world.create("AzurePipelinesCredential", contoso, id, "connection", "token", options);
      return options;
    },
    expected: {
      loggingOptions: { additionalAllowedHeaderNames: ["x-vss-e2eid", "x-msedge-ref"] },
    },
    ours: { expected: { loggingOptions: {} }, documented: "options that it is given are never changed" },
  },
]);
