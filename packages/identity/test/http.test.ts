import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } from "../src/index.ts";
import type { PipelinePolicy, SendRequest } from "../src/types/http.ts";
import type { TokenCredentialOptions } from "../src/types/options.ts";
import { atEmulator, scope, tokenRequests, withEmulator } from "./emulator.ts";

const emulator = withEmulator({ hosts: { "app-service": {} } });

function credential(options: object) {
  const { tenantId, application } = emulator();
  const given = { ...atEmulator(emulator()), ...options };
  return new ClientSecretCredential(tenantId, application.clientId, application.clientSecret, given);
}

it("policies see each request around the default client, and may change it", async () => {
  const seen: string[] = [];
  const policy = (name: string): PipelinePolicy => ({
    name,
    async sendRequest(request, next) {
      seen.push(`${name} ${request.method} ${new URL(request.url).pathname.split("/").at(-1)}`);
      request.headers.set("X-Own", `${request.headers.get("x-own") ?? ""}${name}`);
      const response = await next(request);
      seen.push(`${name} ${response.status} ${response.headers.get("Content-Type")?.split(";")[0]}`);
      return response;
    },
  });
  const additionalPolicies = [policy("a"), policy("b")].map((each) => ({ policy: each, position: "perCall" }));
  await credential({ additionalPolicies }).getToken(scope);
  expect(seen).toEqual(["a POST token", "b POST token", "b 200 application/json", "a 200 application/json"]);
  expect(emulator().requests.to("/token").at(0)?.headers["x-own"]).toBe("ab");
});

it("a client of the program's own gets the requests", async () => {
  const sendRequest = vi.fn<SendRequest>(async (request) => {
    const body = { access_token: "own", expires_in: 3600, token_type: "Bearer" };
    return { request, status: 200, headers: request.headers, bodyAsText: JSON.stringify(body) };
  });
  const { token } = await credential({ httpClient: { sendRequest } }).getToken(scope);
  expect(token).toBe("own");
  expect(sendRequest.mock.calls[0]?.[0].body).toContain("grant_type=client_credentials");
  expect(tokenRequests(emulator())).toBe(0);
});

it("the id of a request is sent under another name, too", async () => {
  await credential({ telemetryOptions: { clientRequestIdHeaderName: "x-id" } }).getToken(scope);
  expect(emulator().requests.to("/token").at(0)?.headers["x-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

it.each([
  [{ maxRetries: 0 }, 1],
  [{ maxRetries: 1.5, retryDelayInMs: 1 }, 3], // as the peer
  [{ maxRetries: 2, retryDelayInMs: -1, maxRetryDelayInMs: 1 }, 3],
])("a request is repeated as often as retryOptions say: %j", async (retryOptions, count) => {
  emulator().faults.add({ path: "token", status: 503 }, { path: "token", status: 503 }, { path: "token", status: 503 });
  const call = credential({ retryOptions }).getToken(scope);
  await expect(call).rejects.toMatchObject({ name: "AuthenticationRequiredError", statusCode: 503 });
  expect(tokenRequests(emulator())).toBe(count);
  emulator().faults.clear();
});

it.each([
  ["orders/1.2", /^orders\/1\.2 /],
  ["My App (beta), v1", /^My App beta v1 /],
  ["()", /^azidentity/],
])("the header User-Agent begins with the prefix %s", async (userAgentPrefix, expected) => {
  await credential({ userAgentOptions: { userAgentPrefix } }).getToken(scope);
  expect(emulator().requests.to("/token").at(0)?.headers["user-agent"]).toMatch(expected);
});

it("requests go to the proxy that an option names", async () => {
  const proxyOptions = { host: "http://127.0.0.1", port: 1, username: "u", password: "p@:/" };
  const call = credential({ proxyOptions, retryOptions: { maxRetries: 0 } }).getToken(scope);
  await expect(call).rejects.toMatchObject({ code: "proxy-unreachable", message: expect.not.stringContaining("p@") });
});

/** A proxy that answers as a host of another identity would. */
async function startProxy() {
  const requests: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    requests.push(url);
    const expires_on = String(Math.floor(Date.now() / 1_000) + 3_600);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: "of.another.host", token_type: "Bearer", expires_on }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.dispose]: () => server.close(),
  };
}

it.each([
  [
    "policies",
    {
      additionalPolicies: [
        { policy: { name: "a", sendRequest: (request, next) => next(request) }, position: "perCall" },
      ],
    },
  ],
  ["authorities", { tlsOptions: { ca: "-----BEGIN CERTIFICATE-----" } }],
  ["a header of the request's id", { telemetryOptions: { clientRequestIdHeaderName: "x-id" } }],
] satisfies [string, TokenCredentialOptions][])(
  "the secret of a managed identity goes past every proxy, also with %s",
  async (_, options: TokenCredentialOptions) => {
    using proxy = await startProxy();
    for (const [name, value] of Object.entries({
      ...emulator().env("app-service"),
      HTTP_PROXY: proxy.url,
      NO_PROXY: "",
    }))
      vi.stubEnv(name, value);
    const { token } = await new ManagedIdentityCredential(options).getToken(scope);
    expect(proxy.requests).toEqual([]);
    expect(token).not.toBe("of.another.host");
  },
);

it("options of TLS of null are not given", async () => {
  const tlsOptions = { ca: null, cert: null };
  expect((await credential({ tlsOptions }).getToken(scope)).token).toMatch(/^eyJ/);
  expect((await credential({ tlsOptions: { ca: [null] } }).getToken(scope)).token).toMatch(/^eyJ/);
});

describe("what is not supported is refused", () => {
  it.each([
    ["agent", { agent: {} }],
    ["tlsOptions.pfx", { tlsOptions: { pfx: "x" } }],
  ])("%s", (name, options) => {
    expect(() => credential(options)).toThrow(`the option \`${name}\` is not supported`);
    expect(() => new ManagedIdentityCredential(options as object)).toThrow(`\`${name}\``);
  });
});

it("constructors take `additionalPolicies: null`, and refuse other values than lists, and a proxy without a host", () => {
  expect(() => new DefaultAzureCredential({ additionalPolicies: null as never })).not.toThrow();
  expect(() => new DefaultAzureCredential({ additionalPolicies: {} as never })).toThrow("is not a list. Write it as");
  expect(() => new DefaultAzureCredential({ proxyOptions: {} as never })).toThrow("The proxyOptions have no host");
});
