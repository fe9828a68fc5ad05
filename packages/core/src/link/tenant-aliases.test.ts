import { describe, expect, it } from "vitest";
import { createIdentity } from "../identity.ts";
import { definePlugin, defineSource } from "../options/define-options.ts";
import { createFakeHttp, type FakeReply } from "../test-kit/fake-http.ts";

const id = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const otherId = "11111111-86f1-41af-91ab-2d7cd011db47";
const scope = "https://vault.azure.net/.default";

const openIdDocument = (tenantId: string) => ({
  status: 200,
  headers: {},
  body: JSON.stringify({ issuer: `https://login.microsoftonline.com/${tenantId}/v2.0` }),
});

/** A token of a tenant, or one that says nothing about it. */
const tokenOf = (tid: string | undefined) =>
  tid === undefined ? "opaque" : `e30.${Buffer.from(JSON.stringify({ tid })).toString("base64url")}.x`;

/** An application whose home tenant is configured, and what Entra answers about domains. */
function setUp(home: string, answers: readonly FakeReply[], tid?: string, allowed: readonly string[] = []) {
  const asked: (string | undefined)[] = [];
  const source = defineSource({
    name: "app",
    kind: "deployed",
    priority: 1,
    tenantPolicy: "allow-list",
    subject: () => "app",
    create: () => ({
      async getToken({ tenantId }) {
        asked.push(tenantId);
        return { token: tokenOf(tid), tokenType: "Bearer", expiresOnTimestamp: Date.now() + 3_600_000 } as const;
      },
    }),
  });
  const http = createFakeHttp(...answers);
  const plugins = [definePlugin({ name: "test", sources: [source] })];
  const config = { config: false, plugins, tenantId: home, additionallyAllowedTenants: allowed } as const;
  const identity = createIdentity(config, { env: {}, http });
  const get = (tenantId?: string) => identity.credential("app").getToken(scope, { tenantId });
  const explain = (tenantId: string) => identity.explain(scope, { tenantId });
  return { identity, get, explain, asked, http };
}

const notAllowed = { code: "tenant-not-allowed", outcome: "misconfigured" };

describe("a tenant by another name", () => {
  it("A tenant that is configured as a domain is the one of its id, by one OpenID document", async () => {
    const { get, asked, http } = setUp("contoso.onmicrosoft.com", [openIdDocument(id)]);
    await get(id);
    await get(id.toUpperCase());
    expect(asked).toEqual([undefined]); // the second is a hit, as one of the own tenant
    const path = "contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration";
    expect(http.requests.map(({ url }) => url)).toEqual([`https://login.microsoftonline.com/${path}`]);
  });

  it("A caller who aborts does not wait for the document", async () => {
    const { identity } = setUp("contoso.com", ["silence"]);
    const controller = new AbortController();
    const token = identity.credential("app").getToken(scope, { tenantId: id, abortSignal: controller.signal });
    controller.abort();
    await expect(token).rejects.toMatchObject({ name: "AbortError" });
  });

  it("A tenant that is configured as an id is the one of its domain", async () => {
    const { get, asked, http } = setUp(id, [openIdDocument(id)]);
    await get("contoso.com");
    expect(asked).toEqual([undefined]);
    expect(http.requests).toHaveLength(1);
  });

  it("The `tid` of a token tells it without a request", async () => {
    const { get, asked, http } = setUp("contoso.com", [], id);
    await get();
    await get(id);
    expect(asked).toEqual([undefined]);
    expect(http.requests).toEqual([]);
  });

  it("Concurrent callers read one document, and one who aborts does not end it for the others", async () => {
    const { identity, get, http } = setUp("contoso.com", [openIdDocument(id)]);
    await get(); // elects the source
    const controller = new AbortController();
    const first = identity.credential("app").getToken(scope, { tenantId: id, abortSignal: controller.signal });
    const others = Array.from({ length: 100 }, () => get(id));
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    await Promise.all(others);
    expect(http.requests).toHaveLength(1);
  });

  it("explain knows the names of a tenant, too", async () => {
    const { explain } = setUp("contoso.com", [openIdDocument(id)]);
    expect(await explain(id)).toMatchObject({ winner: "app" });
  });

  it("An additionally allowed tenant has several names, too", async () => {
    const { get, asked } = setUp(otherId, [openIdDocument(id)], undefined, ["fabrikam.com"]);
    await get(id);
    expect(asked).toEqual([id]);
  });
});

describe("a foreign tenant stays refused", () => {
  it("A domain that Entra does not know is looked up once, and one that could not be looked up again", async () => {
    const unknown = { status: 400, headers: {}, body: '{"error":"invalid_tenant"}' };
    const { get, http } = setUp(id, [unknown, new Error("down"), openIdDocument(otherId)]);
    for (const tenantId of ["evil.example", "evil.example", "down.example", "down.example", "down.example"])
      await expect(get(tenantId)).rejects.toMatchObject(notAllowed);
    expect(http.requests.map(({ url }) => new URL(url).pathname.split("/")[1])).toEqual([
      "evil.example",
      "down.example",
      "down.example",
    ]);
  });

  it.each<[string, string, string, readonly FakeReply[]]>([
    ["whose id is another one", "contoso.com", otherId, [openIdDocument(id)]],
    ["whose domain has another id", id, "evil.example", [openIdDocument(otherId)]],
    [
      "that Entra does not know",
      id,
      "evil.example",
      [{ status: 400, headers: {}, body: '{"error":"invalid_tenant"}' }],
    ],
    ["while Entra does not answer", id, "evil.example", [new Error("down")]],
    ["that is a second id, without a request", id, otherId, []],
    ["that is a second domain, without a request", "contoso.com", "evil.example", []],
    ["that is a shared name, without a request", id, "organizations", []],
  ])("A tenant is refused %s", async (_, home, tenantId, answers) => {
    const { get, asked, http } = setUp(home, answers);
    await expect(get(tenantId)).rejects.toMatchObject(notAllowed);
    expect(asked).toEqual([]);
    expect(http.requests).toHaveLength(answers.length);
  });
});
