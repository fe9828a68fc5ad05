/** What clients with a key send, right and wrong. */
import { afterEach, describe, expect, it } from "vitest";
import { key, type OpenedRelay, openRelay, type RelayOfTest, storage } from "../../test/serve/open-relay.ts";
import { type Asked, ask, azd, exec, managedIdentity } from "../../test/serve/relay-client.ts";

const opened: OpenedRelay[] = [];
afterEach(() => Promise.all(opened.splice(0).map((relay) => relay[Symbol.asyncDispose]())));

async function open(settings?: RelayOfTest): Promise<OpenedRelay> {
  const relay = await openRelay(settings);
  opened.push(relay);
  return relay;
}

const vault = "https://vault.azure.net/.default";

describe("the managed identity", () => {
  const query = (text: string): Asked => ({ path: `/msi/token?${text}`, headers: { "X-IDENTITY-HEADER": key } });
  const right = "api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com";

  it.each([
    ["without api-version", "resource=https%3A%2F%2Fstorage.azure.com", 400, "2019-08-01"],
    ["of an older version", right.replace("2019-08-01", "2017-09-01"), 400, "2019-08-01"],
    ["of the version with revocation", right.replace("2019-08-01", "2025-03-30"), 400, "2019-08-01"],
    ["without a resource", "api-version=2019-08-01", 400, "one resource"],
    ["with two resources", `${right}&resource=https%3A%2F%2Fvault.azure.net`, 400, "one resource"],
    ["with the scope in place of the resource", `${right}%2F.default`, 403, "--allow"],
    ["with a resource that is encoded twice", right.replaceAll("%", "%25"), 403, "--allow"],
    ["with a control character", `${right}%0d%0a`, 403, "--allow"],
    ["with a resource that begins like an allowed one", `${right}.evil.example`, 403, "--allow"],
    ["with an identity by client id", `${right}&client_id=abc`, 400, "AZURE_CLIENT_ID"],
    ["with an empty client id", `${right}&client_id=`, 400, "AZURE_CLIENT_ID"],
    ["with an identity by client id in capitals", `${right}&CLIENT_ID=abc`, 400, "CLIENT_ID"],
    ["with an identity by client id in one word", `${right}&clientId=abc`, 400, "clientId"],
    ["with two versions", `${right}&api-version=2019-08-01`, 400, "api-version"],
    ["with an identity by object id", `${right}&object_id=abc`, 400, "object_id"],
    ["with an identity by principal id", `${right}&principal_id=abc`, 400, "principal_id"],
    ["with an identity by resource id", `${right}&mi_res_id=%2Fsubscriptions%2Fs`, 400, "mi_res_id"],
  ])("a request %s is refused with what is wrong", async (_, text, status, shown) => {
    const { port, requests } = await open();
    const answer = await ask(port, query(text));
    expect(answer.json).toEqual({ statusCode: status, message: expect.stringContaining(shown) });
    expect([answer.status, requests]).toEqual([status, []]);
  });

  it.each([
    ["https://storage.azure.com", storage],
    ["https://storage.azure.com/", "https://storage.azure.com//.default"],
    ["HTTPS://Storage.Azure.com", storage],
  ])("the resource %s is requested as the scope %s", async (resource, scope) => {
    const { port, requests } = await open();
    const { json } = await ask(port, managedIdentity(key, resource));
    expect([json.resource, requests[0]?.scopes]).toEqual([expect.stringMatching(/^https:.*com\/?$/i), [scope]]);
  });
});

const documents = (document: unknown): readonly (readonly [string, Asked, RegExp])[] => [
  ["azd", { ...azd(key, {}), body: JSON.stringify(document) }, /^200$/],
  ["exec", { ...exec(key, {}), body: JSON.stringify(document) }, /^40[03]$/],
];

describe("documents", () => {
  const wrong = [
    ["a list", [], "JSON object"],
    ["null", null, "JSON object"],
    ["no scopes", { version: 1 }, "`scopes`"],
    ["an empty list of scopes", { version: 1, scopes: [] }, "`scopes`"],
    ["a scope that is no text", { version: 1, scopes: [1] }, "`scopes`"],
    ["an empty scope", { version: 1, scopes: [""] }, "`scopes`"],
    ["a tenant that is no text", { version: 1, scopes: [storage], tenantId: 5 }, "`tenantId`"],
    ["one scope of two that is not allowed", { version: 1, scopes: [storage, vault] }, "vault.azure.net"],
    ["a tenant that is not allowed", { version: 1, scopes: [storage], tenantId: "other.example" }, "other.example"],
    ["a tenant with a path", { version: 1, scopes: [storage], tenantId: "contoso.example/x" }, "contoso.example/x"],
  ] as const;
  it.each(
    wrong.flatMap(([title, document, shown]) => documents(document).map((row) => [title, ...row, shown] as const)),
  )("a document with %s is refused by %s with what is wrong", async (_, __, asked, expected, shown) => {
    const { port, requests } = await open();
    const { status, text } = await ask(port, asked);
    expect(text).toContain(shown);
    expect(String(status)).toMatch(expected);
    expect(requests.filter(({ tenantId }) => tenantId !== undefined)).toEqual([]);
    expect(text).not.toContain("token-1");
  });

  it.each([
    ["text that is no JSON", "scopes=x", 400, "invalid-request"],
    ["JSON that ends too early", '{"version":1,"scopes":[', 400, "invalid-request"],
    ["nothing", "", 400, "invalid-request"],
    ["another version", JSON.stringify({ version: 2, scopes: [storage] }), 400, "unsupported-version"],
    ["a version as text", JSON.stringify({ version: "1", scopes: [storage] }), 400, "unsupported-version"],
    ["no version", JSON.stringify({ scopes: [storage] }), 400, "unsupported-version"],
    ["claims that are no text", JSON.stringify({ version: 1, scopes: [storage], claims: {} }), 400, "invalid-request"],
    ["claims that are no JSON", JSON.stringify({ version: 1, scopes: [storage], claims: "{" }), 424, "invalid-claims"],
    ["a prototype", '{"version":1,"__proto__":{"scopes":["x"]}}', 400, "invalid-request"],
  ])("a request of the exec contract with %s is answered with a document", async (_, body, status, code) => {
    const { port } = await open();
    const { json, ...answer } = await ask(port, { ...exec(key, {}), body });
    expect([answer.status, json]).toMatchObject([status, { version: 1, error: { code } }]);
  });

  it.each([
    ["a form", "application/x-www-form-urlencoded"],
    ["text", "text/plain"],
    ["no type", ""],
    ["a type that begins like JSON", "application/jsonp"],
  ])("a body of %s is refused with 415", async (_, type) => {
    const { port } = await open();
    const one = exec(key, { scopes: [storage] });
    const { status, json } = await ask(port, { ...one, headers: { ...one.headers, "content-type": type } });
    expect([status, json.error.code]).toEqual([415, "invalid-request"]);
  });

  it.each([
    ["announced", {}],
    ["not announced", { "transfer-encoding": "chunked" }],
  ])("a body of 1 MB that is %s is not read, and the connection is closed", async (_, headers) => {
    const { port, events } = await open();
    const one = exec(key, { scopes: [storage], padding: "x".repeat(1_000_000) });
    const { status } = await ask(port, { ...one, headers: { ...one.headers, ...headers } });
    expect([413, 0]).toContain(status); // 0: it was closed before the client had looked for an answer
    expect(events).toMatchObject([{ outcome: "too-large", client: "app" }]);
    expect((await ask(port, exec(key, { scopes: [storage] }))).status).toBe(200);
  });

  it("members that are null are absent, as many languages write them", async () => {
    const { port } = await open();
    const one = exec(key, { scopes: [storage], tenantId: null, claims: null, enableCae: null, correlationId: null });
    expect((await ask(port, one)).status).toBe(200);
  });

  it("the correlation id of a request is reported and passed on, so that it is found in logs", async () => {
    const { port, events, requests } = await open();
    const correlationId = "00000000-0000-4000-8000-000000000000";
    await ask(port, exec(key, { scopes: [storage], correlationId }));
    await ask(port, exec(key, { scopes: ["https://graph.microsoft.com/.default"], correlationId }));
    await ask(port, exec(key, { scopes: [storage] }));
    expect(events.map((event) => [event.outcome, event.correlationId])).toEqual([
      ["token", correlationId],
      ["scope-not-allowed", correlationId],
      ["token", undefined],
    ]);
    expect(requests.map((request) => request.correlationId)).toEqual([correlationId]);
  });

  it("unknown members are ignored, also those of later versions of the contract", async () => {
    const { port } = await open();
    expect((await ask(port, exec(key, { scopes: [storage], more: {} }))).status).toBe(200);
    expect((await ask(port, azd(key, { scopes: [storage], claims: "x" }))).json.status).toBe("success");
  });

  it.each(["/", "/token/", "/TOKEN", "/token/x", "//token", "/msi%2ftoken", "/azd", "*"])(
    "there is nothing at the path %s",
    async (path) => {
      const { port, events } = await open();
      const { status, json } = await ask(port, { ...exec(key, { scopes: [storage] }), path });
      expect([status, json.error.code, events[0]?.outcome]).toEqual([404, "invalid-request", "unknown-path"]);
    },
  );
});
