import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { flightSharing, type ShareFlight } from "../async/flights.ts";
import type { Cloud } from "../contract/context.ts";
import type { Http, HttpRequest } from "../contract/system-services.ts";
import type { TokenRequest } from "../contract/token.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { nodePlatform } from "../services/http.ts";
import { createFakeClock } from "../test-kit/fake-clock.ts";
import { createFakeHttp, type FakeHttp } from "../test-kit/fake-http.ts";
import { createTestContext, createTestRequest } from "../test-kit/test-context.ts";
import { createTokenClient, type TokenExchange } from "./token-client.ts";

const cloud = { authorityHost: "https://login.example", instanceDiscovery: false, tokenExchangeAudience: "" };
const clientOf = (http: Http, change: Partial<Cloud> = {}) =>
  createTokenClient(createTestContext({ http, cloud: { ...cloud, ...change }, clock: createFakeClock(1_000_000) }));

function exchangeOf(given: Partial<TokenRequest> = {}, change: Partial<TokenExchange> = {}): TokenExchange {
  return {
    sourceName: "client-secret",
    tenantId: "contoso.com",
    clientId: "app",
    clientCredential: { secret: "canary/+&=" },
    parameters: { grant_type: "client_credentials", scope: "https://vault.azure.net/.default" },
    request: createTestRequest(given),
    ...change,
  };
}

const exchange = (http: Http, given: Partial<TokenRequest> = {}, change: Partial<Cloud> = {}) =>
  clientOf(http, change).exchange(exchangeOf(given));

/** A response with a token for an hour; `changes` make it invalid. */
function tokenAnswer(changes: Readonly<Record<string, unknown>> = {}) {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "opaque", expires_in: 3599, ...changes });
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

const form = (request: HttpRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));
const claimsOf = (request: HttpRequest | undefined) => JSON.parse(form(request).claims ?? "{}");
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe("a token request", () => {
  it("has the parameters of its grant, the client credential and nothing else", async () => {
    const http = createFakeHttp(tokenAnswer());
    await exchange(http);
    expect(http.requests).toHaveLength(1);
    const [request] = http.requests;
    expect([request?.method, request?.url]).toEqual(["POST", "https://login.example/contoso.com/oauth2/v2.0/token"]);
    expect(form(request)).toEqual({
      grant_type: "client_credentials",
      client_id: "app",
      client_secret: "canary/+&=",
      scope: "https://vault.azure.net/.default",
      "client-request-id": "00000000-0000-4000-8000-000000000000",
    });
  });

  it("has an assertion with its type in place of a secret", async () => {
    const http = createFakeHttp(tokenAnswer());
    await clientOf(http).exchange(exchangeOf({}, { clientCredential: { assertion: "e30.e30.e30" } }));
    expect(form(http.requests[0])).toMatchObject({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "e30.e30.e30",
    });
    expect(form(http.requests[0])).not.toHaveProperty("client_secret");
  });

  it("a token request encodes every value of its form", async () => {
    const http = createFakeHttp(tokenAnswer());
    const hostile = "a&grant_type=password b+c%2f\u{1F600}\uD800";
    const parameters = { grant_type: "client_credentials", scope: hostile };
    const clientCredential = { secret: hostile };
    await clientOf(http).exchange(exchangeOf({ claims: hostile }, { clientId: hostile, parameters, clientCredential }));
    const expected = hostile.toWellFormed();
    expect(form(http.requests[0])).toMatchObject({
      client_id: expected,
      grant_type: "client_credentials",
      scope: expected,
      client_secret: expected,
      claims: expected,
    });
  });

  it("of a public client has no client credential", async () => {
    const http = createFakeHttp(tokenAnswer());
    await clientOf(http).exchange(exchangeOf({}, { clientCredential: undefined }));
    expect(Object.keys(form(http.requests[0])).sort()).toEqual([
      "client-request-id",
      "client_id",
      "grant_type",
      "scope",
    ]);
  });

  it("returns the token by the clock of its context, and all members of the response", async () => {
    const { issued, fields } = await exchange(createFakeHttp(tokenAnswer({ refresh_in: 1800, foci: "1" })));
    expect(issued).toEqual({
      token: "opaque",
      tokenType: "Bearer",
      expiresOnTimestamp: 1_000_000 + 3_599_000,
      refreshAfterTimestamp: 1_000_000 + 1_800_000,
    });
    expect(fields.foci).toBe("1");
  });

  it.each([
    "https://login.windows.net",
    "https://login.chinacloudapi.cn",
    "https://login.contoso.example:8443",
    "https://[2001:db8::1]:8443",
    "https://127.0.0.1:8443",
  ])("is sent to the authority %s itself", async (authorityHost) => {
    const http = createFakeHttp(tokenAnswer());
    await exchange(http, {}, { authorityHost });
    expect(http.requests.map(({ url }) => new URL(url).origin)).toEqual([authorityHost]);
  });

  it("goes where it is redirected by settings, without instance discovery", async () => {
    const http = createFakeHttp(tokenAnswer());
    const context = createTestContext({ http, cloud: { ...cloud, instanceDiscovery: true } });
    const redirect = async (request: HttpRequest) => ({ ...request, url: "https://proxy.example/token" });
    await createTokenClient(context, { redirect }).exchange(exchangeOf());
    expect(http.requests.map(({ url }) => url)).toEqual(["https://proxy.example/token"]);
  });
});

describe("the claims of a token request", () => {
  const challenge = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

  it("are those of the challenge and the capability, merged", async () => {
    const http = createFakeHttp(tokenAnswer());
    await exchange(http, { enableCae: true });
    await exchange(http, { claims: challenge });
    await exchange(http, { claims: challenge, enableCae: true });
    const cp1 = { xms_cc: { values: ["cp1"] } };
    const nbf = { essential: true, value: "1" };
    expect(http.requests.map(claimsOf)).toEqual([
      { access_token: cp1 },
      { access_token: { nbf } },
      { access_token: { nbf, ...cp1 } },
    ]);
  });

  it("do not affect a concurrent request", async () => {
    const http = createFakeHttp(tokenAnswer());
    const client = clientOf(http);
    const asked = Array.from({ length: 20 }, (_, index) => index % 2 === 0);
    await Promise.all(
      asked.map((enableCae, index) =>
        client.exchange(exchangeOf({ enableCae, correlationId: `${index}-${enableCae}` })),
      ),
    );
    expect(http.requests).toHaveLength(20);
    for (const request of http.requests)
      expect("access_token" in claimsOf(request)).toBe(form(request)["client-request-id"]?.endsWith("true"));
  });
});

describe("an unknown authority", () => {
  const unknown = { authorityHost: "https://login.unknown.example", instanceDiscovery: true };
  const confirmed = (more: object = {}) => ({
    body: JSON.stringify({
      tenant_discovery_endpoint: "https://login.unknown.example/contoso.com/v2.0/.well-known/openid-configuration",
      "api-version": "1.1",
      metadata: [],
      ...more,
    }),
  });
  const hosts = ({ requests }: FakeHttp) => requests.map(({ method, url }) => `${method} ${new URL(url).host}`);

  it("gets the secret after instance discovery has confirmed it, which is asked once", async () => {
    const http = createFakeHttp(confirmed(), tokenAnswer());
    const client = clientOf(http, unknown);
    await client.exchange(exchangeOf());
    await client.exchange(exchangeOf());
    expect(hosts(http)).toEqual([
      "GET login.microsoftonline.com",
      "POST login.unknown.example",
      "POST login.unknown.example",
    ]);
    expect(new URL(http.requests[0]?.url ?? "").searchParams.get("authorization_endpoint")).toBe(
      "https://login.unknown.example/contoso.com/oauth2/v2.0/authorize",
    );
  });

  it.each([
    [400, { error: "invalid_instance", error_description: "AADSTS50049: Unknown instance." }, "unknown-authority"],
    [503, { error: "temporarily_unavailable", error_description: "Busy." }, "entra-unavailable"],
    [400, { error: "invalid_request", error_description: "Something else." }, "entra-refused"],
    [302, {}, "unexpected-answer"],
  ])("gets nothing when Entra answers %i %j", async (status, fields, code) => {
    const http = createFakeHttp({ status, body: JSON.stringify(fields) });
    expect(await errorOf(exchange(http, {}, unknown))).toMatchObject({ code });
    expect(hosts(http)).toEqual(["GET login.microsoftonline.com"]);
  });

  it.each([
    ["<html>", "failed", "captive-portal"],
    ["{}", "failed", "unknown-authority"],
    ["null", "failed", "unknown-authority"],
    ["", "unreachable", "incomplete-response"],
    ['{"tenant', "unreachable", "incomplete-response"],
  ])("gets nothing when instance discovery returns %j", async (body, outcome, code) => {
    const http = createFakeHttp({ body });
    expect(await errorOf(exchange(http, {}, unknown))).toMatchObject({ outcome, code });
    expect(hosts(http)).toEqual(["GET login.microsoftonline.com"]);
  });

  it("gets nothing when instance discovery is unreachable, as the error says", async () => {
    const failure = outcomeError("unreachable", "No answer (ECONNREFUSED).");
    expect(await errorOf(exchange(createFakeHttp(failure), {}, unknown))).toBe(failure);
  });

  it("gets nothing when its answer is malformed, which is no reason to ask again", async () => {
    const http = createFakeHttp({ body: '{"tenant_discovery_endpoint":"https://login.unknown.example"} junk' });
    expect(await errorOf(exchange(http, {}, unknown))).toMatchObject({ outcome: "failed", code: "unknown-authority" });
  });

  it("is confirmed once for requests that wait at the same time", async () => {
    const http = createFakeHttp(confirmed(), tokenAnswer(), tokenAnswer());
    const client = clientOf(http, unknown);
    const tenants = ["contoso.com", "fabrikam.com"];
    await Promise.all(tenants.map((tenantId) => client.exchange(exchangeOf({}, { tenantId }))));
    expect(hosts(http)).toEqual([
      "GET login.microsoftonline.com",
      "POST login.unknown.example",
      "POST login.unknown.example",
    ]);
  });

  it("is confirmed for those that still wait when the one that asked first is aborted", async () => {
    const controller = new AbortController();
    const { promise: bothWait, resolve: answer } = Promise.withResolvers<void>();
    const fake = createFakeHttp(confirmed(), tokenAnswer());
    const http: typeof fake = { ...fake, send: (...sent) => bothWait.then(() => fake.send(...sent)) };
    const client = clientOf(http, unknown);
    const first = errorOf(client.exchange(exchangeOf({ signal: controller.signal })));
    const second = client.exchange(exchangeOf());
    controller.abort(new Error("enough"));
    answer();
    expect(await first).toBe(controller.signal.reason);
    expect((await second).issued.token).toBe("opaque");
    expect(hosts(http)).toEqual(["GET login.microsoftonline.com", "POST login.unknown.example"]);
  });

  it("is asked about by flights that requests of a Worker share, which join none that is lost", async () => {
    const http = createFakeHttp("silence", confirmed(), tokenAnswer());
    const share: ShareFlight = (flight) => {
      const isLost = () => http.requests.length === 1;
      return Object.defineProperty(flight, "isLost", { get: isLost });
    };
    const services = new Map([[flightSharing as symbol, share]]);
    const client = createTokenClient(createTestContext({ http, cloud: { ...cloud, ...unknown }, services }));
    void client.exchange(exchangeOf());
    expect((await client.exchange(exchangeOf())).issued.token).toBe("opaque");
    const discovery = "GET login.microsoftonline.com";
    expect(hosts(http)).toEqual([discovery, discovery, "POST login.unknown.example"]);
  });

  it("is asked about again after a failure", async () => {
    const http = createFakeHttp({ status: 503 }, confirmed(), tokenAnswer());
    const client = clientOf(http, unknown);
    expect(await errorOf(client.exchange(exchangeOf()))).toMatchObject({ code: "entra-unavailable" });
    expect((await client.exchange(exchangeOf())).issued.token).toBe("opaque");
  });

  it("gets the secret itself, even if the document of instance discovery names another host", async () => {
    const http = createFakeHttp(
      confirmed({
        token_endpoint: "https://evil.example/token",
        metadata: [{ preferred_network: "evil.example", aliases: ["login.unknown.example", "evil.example"] }],
      }),
      tokenAnswer(),
    );
    await exchange(http, {}, unknown);
    expect(hosts(http)).toEqual(["GET login.microsoftonline.com", "POST login.unknown.example"]);
  });
});

describe("a failed token request", () => {
  it("passes an error of the transport on unchanged", async () => {
    const failure = outcomeError("unreachable", "No answer (ECONNRESET).");
    expect(await errorOf(exchange(createFakeHttp(failure)))).toBe(failure);
  });

  it("rejects with Entra's error", async () => {
    const body = JSON.stringify({
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1",
      error_codes: [7000215],
    });
    const error = await errorOf(exchange(createFakeHttp({ status: 401, body })));
    expect(error).toMatchObject({ outcome: "rejected", code: "invalid-client-secret", statusCode: 401 });
  });

  it("rejects with the pause of Retry-After, and does not affect the next one", async () => {
    const http = createFakeHttp({ status: 429, headers: { "retry-after": "7" } }, tokenAnswer());
    const client = clientOf(http);
    expect(await errorOf(client.exchange(exchangeOf()))).toMatchObject({
      outcome: "throttled",
      statusCode: 429,
      retryAfterMs: 7000,
    });
    expect((await client.exchange(exchangeOf())).issued.token).toBe("opaque");
  });

  it.each([
    ["a redirect", { status: 302, headers: { location: "https://evil.example/canary" } }, "unexpected-answer"],
    [
      "a redirect that keeps the method",
      { status: 307, headers: { location: "https://evil.example/" } },
      "unexpected-answer",
    ],
    ["another kind of success", { status: 204 }, "unexpected-answer"],
    ["a page of an error", { status: 500, body: "<h1>canary</h1>" }, "entra-unavailable"],
    ["a page", { status: 200, body: "<h1>canary</h1>" }, "captive-portal"],
    ["no token", tokenAnswer({ access_token: undefined }), "invalid-token-response"],
    ["a token of type pop", tokenAnswer({ token_type: "pop" }), "invalid-token-response"],
  ])("is made of %s", async (_, reply, code) => {
    const http = createFakeHttp(reply);
    const error = await errorOf(exchange(http));
    expect(error).toMatchObject({ outcome: "failed", code });
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
    expect(http.requests).toHaveLength(1);
  });

  it("A redirect is named with its host alone, which is not asked", async () => {
    const location = "https://elsewhere.example:8443/canary?canary";
    const http = createFakeHttp({ status: 302, headers: { location } });
    await expect(exchange(http)).rejects.toThrow("HTTP 302 redirects to elsewhere.example:8443, and");
    expect(http.requests).toHaveLength(1);
  });

  it("ignores an error_uri", async () => {
    const body = JSON.stringify({ error: "invalid_request", error_uri: "https://evil.example/" });
    const error = await errorOf(exchange(createFakeHttp({ status: 400, body })));
    expect(inspect(error, { depth: 9 })).not.toContain("evil");
  });
});

/** Sends one request over core's transport to a server on loopback that answers with `respond`. */
async function exchangeWithServer(respond: Parameters<typeof createServer>[1]) {
  const server = createServer(respond);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const platform = nodePlatform();
  try {
    const { port } = server.address() as AddressInfo;
    return await errorOf(exchange(platform.http({ env: {} }), {}, { authorityHost: `http://127.0.0.1:${port}` }));
  } finally {
    platform.close();
    server.closeAllConnections();
    server.close();
  }
}

it("a body of 2 MB is refused before it has arrived", async () => {
  const error = await exchangeWithServer((_, response) => void response.end("x".repeat(2_000_000)));
  expect(error).toMatchObject({ outcome: "failed", code: "answer-too-large" });
});

it("a redirect is not followed over the network", async () => {
  const paths: (string | undefined)[] = [];
  const error = await exchangeWithServer((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(error).toMatchObject({ code: "unexpected-answer", statusCode: 307 });
  expect(paths).toEqual(["/contoso.com/oauth2/v2.0/token"]);
});

describe("the limit of a token request", () => {
  const silent = () => {
    const clock = createFakeClock();
    return { clock, client: createTokenClient(createTestContext({ http: createFakeHttp("silence"), cloud, clock })) };
  };

  it("is ten seconds, and its error names the host", async () => {
    const { clock, client } = silent();
    const error = errorOf(client.exchange(exchangeOf()));
    await clock.advance(10_000);
    expect(await error).toMatchObject({
      outcome: "unreachable",
      message: expect.stringContaining("login.example did not answer within 10 s"),
    });
  });

  it("does not apply to a request that must not be repeated", async () => {
    const { clock, client } = silent();
    const controller = new AbortController();
    const error = errorOf(client.exchange(exchangeOf({ signal: controller.signal }, { isRepeatable: false })));
    await clock.advance(60_000);
    controller.abort(new Error("enough"));
    expect(await error).toBe(controller.signal.reason);
  });
});

describe("an abort of a token request", () => {
  it("ends the pending request", async () => {
    const controller = new AbortController();
    const http = createFakeHttp(() => {
      queueMicrotask(() => controller.abort(new Error("enough")));
      return "silence";
    });
    expect(await errorOf(exchange(http, { signal: controller.signal }))).toBe(controller.signal.reason);
  });

  it("before the request prevents it", async () => {
    const http = createFakeHttp(tokenAnswer());
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await errorOf(exchange(http, { signal }))).toBe(signal.reason);
    expect(http.requests).toHaveLength(0);
  });
});

it("An OAuth error with status 200 is reported as Entra's error, without the secret", async () => {
  const description = "AADSTS7000215: Invalid client secret provided: canary/+&=.";
  const body = JSON.stringify({ error: "invalid_client", error_description: description });
  const http = createFakeHttp({ ...tokenAnswer(), body });
  const error = await errorOf(exchange(http));
  expect(error).toMatchObject({
    outcome: "rejected",
    statusCode: 200,
    message: expect.stringContaining("AADSTS7000215"),
    errorResponse: { error: "invalid_client", errorCodes: [7000215] },
  });
  expect(inspect(error)).not.toContain("canary");
});
