import { inspect } from "node:util";
import { type HttpRequest, outcomeError } from "@azidentity/core/plugin";
import { createFakeClock, createFakeHttp, type FakeHttp } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { errorOf, sourceContext, tokenAnswer, tokenRequest } from "../../test/source-context.ts";
import { acquireForApplication } from "./client-credentials.ts";

const application = { sourceName: "client-secret", tenantId: "contoso.com", clientId: "app" };
const client = { application, tenantId: "contoso.com", clientCredential: { secret: "canary/+&=" } };
const cloud = { authorityHost: "https://login.example", instanceDiscovery: false, tokenExchangeAudience: "" };

function acquire(http: FakeHttp, given: Parameters<typeof tokenRequest>[0] = {}, change: Partial<typeof cloud> = {}) {
  const context = sourceContext({ http, cloud: { ...cloud, ...change }, clock: createFakeClock(1_000_000) });
  return acquireForApplication({ ...client, request: tokenRequest(given), context });
}

const form = (request: HttpRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));
const claimsOf = (request: HttpRequest | undefined) => JSON.parse(form(request).claims ?? "{}");

describe("an acquisition by client credentials", () => {
  it("is one request with the parameters of the grant", async () => {
    const http = createFakeHttp(tokenAnswer());
    await acquire(http);
    expect(http.requests).toHaveLength(1);
    const [request] = http.requests;
    const url = new URL(request?.url ?? "");
    expect([request?.method, url.origin + url.pathname]).toEqual([
      "POST",
      "https://login.example/contoso.com/oauth2/v2.0/token",
    ]);
    expect(form(request)).toMatchObject({
      grant_type: "client_credentials",
      client_id: "app",
      client_secret: "canary/+&=",
      scope: "https://vault.azure.net/.default",
      "client-request-id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    });
    expect(form(request)).not.toHaveProperty("claims of a client credentials request");
  });

  it("uses the clock of its context", async () => {
    expect(await acquire(createFakeHttp(tokenAnswer({ refresh_in: 1800 })))).toEqual({
      token: "opaque",
      tokenType: "Bearer",
      expiresOnTimestamp: 1_000_000 + 3_599_000,
      refreshAfterTimestamp: 1_000_000 + 1_800_000,
      principal: { tenantId: "contoso.com", clientId: "app" },
    });
  });

  it.each(["login.windows.net", "login.chinacloudapi.cn", "login.microsoftonline.de", "login.sovcloud-identity.fr"])(
    "sends the request to %s itself, even if that is an alias",
    async (host) => {
      const http = createFakeHttp(tokenAnswer());
      await acquire(http, {}, { authorityHost: `https://${host}`, instanceDiscovery: true });
      expect(http.requests.map(({ url }) => new URL(url).host)).toEqual([host]);
    },
  );
});

it("an acquisition logs neither the secret nor the token", async () => {
  const lines: string[] = [];
  const debug = (line: string) => lines.push(line);
  const context = sourceContext({ http: createFakeHttp(tokenAnswer()), cloud });
  const log = { ...context.log, debug };
  await acquireForApplication({
    ...client,
    request: tokenRequest({ enableCae: true }),
    context: { ...context, log },
  });
  expect(lines).not.toHaveLength(0);
  expect(lines.join()).not.toMatch(/canary|opaque/);

  const quiet = { ...context.log, debug: () => expect.unreachable(), writes: () => false };
  await acquireForApplication({ ...client, request: tokenRequest(), context: { ...context, log: quiet } });
});

describe("claims of a client credentials request", () => {
  const challenge = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

  it("declare CAE if it is requested", async () => {
    const http = createFakeHttp(tokenAnswer());
    await acquire(http, { enableCae: true });
    expect(claimsOf(http.requests[0])).toMatchObject({ access_token: { xms_cc: { values: ["cp1"] } } });
  });

  it("of a challenge are merged with it", async () => {
    const http = createFakeHttp(tokenAnswer());
    await acquire(http, { claims: challenge });
    await acquire(http, { claims: challenge, enableCae: true });
    const [plain, cae] = http.requests.map(claimsOf);
    expect(plain.access_token).toEqual({ nbf: { essential: true, value: "1" } });
    expect(cae.access_token).toEqual({ nbf: { essential: true, value: "1" }, xms_cc: { values: ["cp1"] } });
  });

  it("do not affect a concurrent acquisition", async () => {
    const http = createFakeHttp(tokenAnswer());
    const asked = Array.from({ length: 20 }, (_, index) => index % 2 === 0);
    await Promise.all(
      asked.map((enableCae, index) => acquire(http, { enableCae, correlationId: `${index}-${enableCae}` })),
    );
    expect(http.requests).toHaveLength(20);
    for (const request of http.requests) {
      const wanted = form(request)["client-request-id"]?.endsWith("true") ?? false;
      expect("access_token" in claimsOf(request)).toBe(wanted);
    }
  });
});

describe("an unknown authority host", () => {
  const unknown = { authorityHost: "https://login.unknown.example", instanceDiscovery: true };
  const confirmed = {
    body: JSON.stringify({
      tenant_discovery_endpoint: "https://login.unknown.example/contoso.com/v2.0/.well-known/openid-configuration",
      "api-version": "1.1",
      metadata: [],
    }),
  };

  it("gets the secret after instance discovery has confirmed it", async () => {
    const http = createFakeHttp(confirmed, tokenAnswer());
    await acquire(http, {}, unknown);
    expect(http.requests.map(({ method, url }) => `${method} ${new URL(url).host}`)).toEqual([
      "GET login.microsoftonline.com",
      "POST login.unknown.example",
    ]);
  });

  it.each([
    [400, { error: "invalid_instance", error_description: "AADSTS50049: Unknown instance." }, "unknown-authority"],
    [503, { error: "temporarily_unavailable", error_description: "Busy." }, "entra-unavailable"],
    [400, { error: "invalid_request", error_description: "Something else." }, "entra-refused"],
  ])("gets nothing when Entra answers %i %j", async (status, fields, code) => {
    const http = createFakeHttp({ status, body: JSON.stringify(fields) });
    expect(await errorOf(acquire(http, {}, unknown))).toMatchObject({ code });
    expect(http.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it.each([["<html>"], ["{}"], ["null"]])("gets nothing when instance discovery returns %s", async (body) => {
    const http = createFakeHttp({ body });
    expect(await errorOf(acquire(http, {}, unknown))).toMatchObject({ outcome: "failed" });
    expect(http.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("gets nothing when instance discovery is unreachable, as the error says", async () => {
    const failure = outcomeError("unreachable", "No answer (ECONNREFUSED).");
    expect(await errorOf(acquire(createFakeHttp(failure), {}, unknown))).toBe(failure);
  });
});

describe("a failed acquisition", () => {
  it("passes an error of the transport on unchanged", async () => {
    const failure = outcomeError("unreachable", "No answer (ECONNRESET).");
    expect(await errorOf(acquire(createFakeHttp(failure)))).toBe(failure);
  });

  it("has Entra's error instead of MSAL's", async () => {
    const body = JSON.stringify({
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1",
      error_codes: [7000215],
    });
    const error = await errorOf(acquire(createFakeHttp({ status: 401, body })));
    expect(error).toMatchObject({ outcome: "rejected", code: "invalid-client-secret", statusCode: 401 });
    expect(error).not.toHaveProperty("cause");
  });

  it("has the pause of Retry-After", async () => {
    const headers = { "retry-after": "7" };
    const error = await errorOf(acquire(createFakeHttp({ status: 429, headers })));
    expect(error).toMatchObject({ outcome: "throttled", statusCode: 429, retryAfterMs: 7000 });
  });

  it("does not affect the next one", async () => {
    const http = createFakeHttp({ status: 429, headers: { "retry-after": "3600" } }, tokenAnswer());
    await errorOf(acquire(http));
    expect((await acquire(http)).token).toBe("opaque");
  });

  it.each([
    ["a redirect", { status: 302, headers: { location: "https://evil.example/" } }, "unexpected-answer"],
    ["another kind of success", { status: 204 }, "unexpected-answer"],
    ["a page of an error", { status: 500, body: "<h1>canary</h1>" }, "entra-unavailable"],
    ["a page", { status: 200, body: "<h1>canary</h1>" }, "invalid-token-response"],
    ["no token", tokenAnswer({ access_token: undefined }), "invalid-token-response"],
    ["an error under status 200", { status: 200, body: '{"error":"invalid_client"}' }, "invalid-token-response"],
  ])("is made of %s", async (_, reply, code) => {
    const error = await errorOf(acquire(createFakeHttp(reply)));
    expect(error).toMatchObject({ outcome: "failed", code });
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
  });

  it("has only the code of an error inside MSAL", async () => {
    const error = await errorOf(acquire(createFakeHttp(tokenAnswer()), {}, { authorityHost: "http://login.example" }));
    expect(error).toMatchObject({ outcome: "failed", code: "msal-refused" });
    expect(error.message).toContain("authority_uri_insecure");
    expect(error).not.toHaveProperty("cause");
  });
});

describe("an abort of an acquisition", () => {
  it("ends the pending request", async () => {
    const controller = new AbortController();
    const http = createFakeHttp(() => {
      queueMicrotask(() => controller.abort(new Error("enough")));
      return "silence";
    });
    const error = await errorOf(acquire(http, { signal: controller.signal }));
    expect(error).toBe(controller.signal.reason);
  });

  it("before the request prevents it", async () => {
    const http = createFakeHttp(tokenAnswer());
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await errorOf(acquire(http, { signal }))).toBe(signal.reason);
    expect(http.requests).toHaveLength(0);
  });
});
