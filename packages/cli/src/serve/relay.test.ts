import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { outcomeError } from "@azidentity/core/plugin";
import { afterEach, describe, expect, it } from "vitest";
import { type OpenedRelay, openRelay, otherKey, type RelayOfTest, key as theKey } from "../../test/serve/open-relay.ts";
import { type Asked, ask, azd, exec, managedIdentity, sendRaw } from "../../test/serve/relay-client.ts";
import { createVia } from "./via.ts";

const opened: OpenedRelay[] = [];
afterEach(() => Promise.all(opened.splice(0).map((relay) => relay[Symbol.asyncDispose]())));

async function open(settings?: RelayOfTest): Promise<OpenedRelay> {
  const relay = await openRelay(settings);
  opened.push(relay);
  return relay;
}

const scopes = ["https://storage.azure.com/.default"];

/** A request for the same token in each protocol. */
const protocols = [
  ["managed-identity", managedIdentity(theKey)],
  ["azd", azd(theKey, { scopes })],
  ["exec", exec(theKey, { scopes })],
] as const;

const without = (asked: Asked, ...names: string[]): Asked => ({
  ...asked,
  headers: Object.fromEntries(Object.entries(asked.headers ?? {}).filter(([name]) => !names.includes(name))),
});
const withHeaders = (asked: Asked, headers: Asked["headers"]): Asked => ({
  ...asked,
  headers: { ...asked.headers, ...headers },
});

describe("a token", () => {
  it("the relay answers the managed identity of App Service with seconds as text and the resource", async () => {
    const { port, events } = await open();
    const { status, json, headers } = await ask(port, managedIdentity(theKey));
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: "token-1",
      expires_on: expect.stringMatching(/^\d{10}$/),
      resource: "https://storage.azure.com",
      token_type: "Bearer",
    });
    expect(headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json" });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(events).toMatchObject([{ client: "app", protocol: "managed-identity", scopes, outcome: "token" }]);
  });

  it("the relay answers azd with a time in RFC 3339", async () => {
    const { port } = await open();
    const { status, json } = await ask(port, azd(theKey, { scopes, tenantId: "" }));
    expect([status, json]).toEqual([
      200,
      { status: "success", token: "token-1", expiresOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) },
    ]);
  });

  it("the relay answers the exec contract with its document", async () => {
    const { port } = await open();
    const { status, json } = await ask(port, exec(theKey, { scopes }));
    expect([status, json]).toEqual([
      200,
      { version: 1, token: "token-1", tokenType: "Bearer", expiresOn: expect.any(Number) },
    ]);
  });

  it("the answer of the exec contract says whose token it is, as far as that is known", async () => {
    const claims = Buffer.from(JSON.stringify({ tid: "the-tenant", oid: "the-object" })).toString("base64url");
    const { port } = await open({ getToken: async () => `e30.${claims}.s` });
    const { json } = await ask(port, exec(theKey, { scopes }));
    expect(json.principal).toEqual({ tenantId: "the-tenant", objectId: "the-object" });
  });

  it("all clients and protocols share one token", async () => {
    const { port, requests, events } = await open();
    const asked = [managedIdentity(theKey), azd(otherKey, { scopes }), exec(theKey, { scopes })];
    for (const one of asked) expect(JSON.stringify((await ask(port, one)).json)).toContain("token-1");
    expect(requests).toHaveLength(1);
    expect(events.map(({ client }) => client)).toEqual(["app", "web", "app"]);
  });

  it("1 000 requests at once are one token request", async () => {
    const release = Promise.withResolvers<void>();
    const { port, requests } = await open({ getToken: () => release.promise.then(() => "the-token") });
    const answers = Array.from({ length: 1_000 }, () => ask(port, managedIdentity(theKey)));
    release.resolve();
    expect(new Set((await Promise.all(answers)).map(({ json }) => json?.access_token))).toEqual(new Set(["the-token"]));
    expect(requests).toHaveLength(1);
  });

  it("tenant, claims and enableCae of the exec contract reach the source, and claims bypass the cache", async () => {
    const { port, requests } = await open();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    await ask(port, exec(theKey, { scopes }));
    const { status } = await ask(port, exec(theKey, { scopes, tenantId: "contoso.example", claims, enableCae: true }));
    expect(status).toBe(200);
    expect(requests.at(-1)).toMatchObject({ tenantId: "contoso.example", claims, enableCae: true });
  });

  it("HTTP/1.0 is answered where the request has a Host header", async () => {
    const { port } = await open();
    const path = managedIdentity(theKey).path;
    const text = (host: string) => `GET ${path} HTTP/1.0\r\n${host}X-IDENTITY-HEADER: ${theKey}\r\n\r\n`;
    expect(await sendRaw(port, text("Host: localhost\r\n"))).toMatch(/^HTTP\/1\.1 200 [\s\S]*"access_token":"token-1"/);
    expect(await sendRaw(port, text(""))).toMatch(/^HTTP\/1\.1 403 [\s\S]*name of this host/);
  });
});

describe.each(protocols)("checks before the key, asked by %s", (name, asked) => {
  it.each([
    ["without a key", without(asked, "X-IDENTITY-HEADER", "authorization"), 401, "no-key"],
    ["with a stale key", swapKey(asked, "key-of-an-earlier-run-0123456789abcdef"), 401, "wrong-key"],
    ["with the first half of a key", swapKey(asked, theKey.slice(0, 20)), 401, "wrong-key"],
    ["with an empty key", swapKey(asked, ""), 401, "no-key"],
    ["from a page of a browser", withHeaders(asked, { origin: "http://localhost:3000" }), 403, "from-browser"],
    ["from a navigation of a browser", withHeaders(asked, { "sec-fetch-site": "none" }), 403, "from-browser"],
    ["by a preflight of a browser", { ...asked, method: "OPTIONS", body: "" }, 403, "from-browser"],
    ["at the name of another host", withHeaders(asked, { host: "evil.example" }), 403, "foreign-host"],
    ["at a name that begins like its own", withHeaders(asked, { host: "localhost.evil.example" }), 403, "foreign-host"],
    ["without a name", { ...asked, setHost: false }, 403, "foreign-host"],
    ["by another method", { ...asked, method: "PUT" }, 405, "wrong-method"],
    ["by HEAD", { ...asked, method: "HEAD", body: "" }, 405, "wrong-method"],
  ] as const)("a request %s gets no token", async (_, one, status, reason) => {
    const { port, events, requests } = await open();
    const answer = await ask(port, one);
    expect(answer.status).toBe(status);
    expect(requests).toEqual([]);
    expect(events).toMatchObject([{ client: undefined, scopes: undefined, outcome: reason, protocol: name }]);
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
    expect(answer.text + JSON.stringify(events)).not.toContain(theKey);
    expect(answer.text + JSON.stringify(events)).not.toContain("earlier-run-0123");
  });

  it.each(["localhost:1", "LOCALHOST", "127.0.0.1", "[::1]:99", "host.docker.internal:8080"])(
    "a request at the name %s gets one",
    async (host) => {
      const { port } = await open();
      expect((await ask(port, withHeaders(asked, { host }))).text).toContain("token-1");
    },
  );

  it("the target may be a whole URL, as clients of proxies send it, whose host is checked in place of the header", async () => {
    const { port, events } = await open();
    const at = (origin: string, host = "localhost") =>
      ask(port, withHeaders({ ...asked, path: `${origin}${asked.path}` }, { host }));
    expect((await at(`http://127.0.0.1:${port}`)).text).toContain("token-1");
    expect((await at("HTTP://LocalHost", "proxied.example")).status).toBe(200);
    for (const other of ["http://evil.example", "http://me@localhost", "http://localhost@evil.example", "http://"])
      expect(await at(other)).toMatchObject({ status: 403 });
    expect(await at("https://localhost")).toMatchObject({ status: 404 }); // it speaks no TLS
    const outcomes = ["token", "token", ...Array(4).fill("foreign-host"), "unknown-path"];
    expect(events.map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it("a request of an address outside private networks gets no token", async () => {
    const { port, events } = await open({ policy: { isAllowedAddress: () => false } });
    expect((await ask(port, asked)).status).toBe(403);
    expect(events).toMatchObject([{ outcome: "foreign-address" }]);
  });

  it("a body is not read without a key", async () => {
    const { port } = await open();
    const sent = httpRequest({ port, host: "127.0.0.1", agent: false, method: "POST", path: asked.path ?? "/" });
    sent.on("error", () => undefined);
    sent.setHeader("content-length", 1_000).flushHeaders(); // and never sends it
    const [response] = await once(sent, "response");
    expect(response.headers.connection).toBe("close");
    sent.destroy();
  });
});

function swapKey({ headers = {}, ...asked }: Asked, key: string): Asked {
  const swapped: Asked["headers"] =
    "authorization" in headers ? { authorization: `Bearer ${key}` } : { "X-IDENTITY-HEADER": key };
  return { ...asked, headers: { ...headers, ...swapped } };
}

describe.each(protocols)("a refusal of a client with a key, asked by %s", (name, asked) => {
  /** HTTP status, and the text for people: azd shows that of answers with status 200 alone. */
  const shown = (json: { message?: string; error?: { message: string; remedy: string } }) =>
    json.message ?? `${json.error?.message} ${json.error?.remedy}`;
  const statusOf = (status: number) => (name === "azd" ? 200 : status);

  it("a scope that is not allowed is named with what allows it", async () => {
    const { port, requests, events } = await open({ scopes: ["https://vault.azure.net/.default"] });
    const { status, json } = await ask(port, asked);
    expect(status).toBe(statusOf(403));
    expect(shown(json)).toMatch(/gives no tokens for "https:\/\/storage\.azure\.com\/\.default"\..* --allow /);
    expect([requests, events[0]]).toMatchObject([[], { client: "app", scopes, outcome: "scope-not-allowed" }]);
  });

  it("a source that is signed out is reported with its remedy, and the relay goes on", async () => {
    let isSignedIn = false;
    const { port } = await open({
      async getToken() {
        if (isSignedIn) return "the-token";
        throw outcomeError("not-signed-in", "az: No user is signed in.", { remedy: "Run: az login" });
      },
    });
    const { status, json } = await ask(port, asked);
    expect([status, shown(json)]).toEqual([
      statusOf(424),
      expect.stringContaining("No user is signed in. Run: az login"),
    ]);
    if (name === "azd") expect(json.code).toBe("NotSignedInError");
    if (name === "exec") expect(json.error).toMatchObject({ code: "not-signed-in", outcome: "not-signed-in" });
    isSignedIn = true;
    expect((await ask(port, asked)).text).toContain("the-token");
  });

  it("a throttled source is reported with the time of the next request", async () => {
    const { port } = await open({
      getToken: async () => {
        throw outcomeError("throttled", "Entra is busy.", { retryAfterMs: 1_500 });
      },
    });
    const { status, headers } = await ask(port, asked);
    expect([status, headers["retry-after"]]).toEqual([statusOf(429), expect.stringMatching(/^[12]$/)]);
  });

  it("a defect of the relay is answered without its details", async () => {
    const defect = new TypeError("details of the defect");
    const clientOf = () => {
      throw defect;
    };
    const { port, defects } = await open({ policy: { clientOf } });
    const { status, text } = await ask(port, asked);
    expect(status).toBe(statusOf(502));
    expect(text).not.toContain("details of the defect");
    expect(defects).toEqual([defect]);
  });

  it("the relay's own identity among its clients is refused", async () => {
    const { port, requests } = await open({ policy: { isOwnConnection: () => true } });
    const { status, json } = await ask(port, asked);
    expect([status, shown(json), requests]).toEqual([statusOf(424), expect.stringContaining("asks the relay"), []]);
  });

  it("the same is refused when it has come through others, and another relay's is not", async () => {
    const via = createVia({ AZIDENTITY_RELAY_VIA: "1.1 azid-other" });
    const { port, requests } = await open({ policy: { isOwnRequest: via.isIn } });
    const own = via.variables.AZIDENTITY_RELAY_VIA ?? "";
    expect(own).toMatch(/^1\.1 azid-other, 1\.1 azid-[\da-f-]{36}$/);
    for (const path of [own, `1.0 fred, ${own}, 1.1 p.example (Apache)`])
      expect((await ask(port, withHeaders(asked, { via: path }))).status).toBe(statusOf(424));
    expect(requests).toEqual([]);
    expect((await ask(port, withHeaders(asked, { via: "1.1 azid-other" }))).status).toBe(200);
  });
});
