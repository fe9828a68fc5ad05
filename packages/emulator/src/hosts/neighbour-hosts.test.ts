/** Hosts that give tokens to the programs beside them: a relay, a host of azd, the sidecar. */
import { X509Certificate } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PlainRequest, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const scope = "https://vault.azure.net/.default";
const unknown = "https://unknown.example/.default";

let emulator: Emulator;
let signedOut: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ hosts: { relay: {}, "azd-host": {}, sidecar: { userAssigned: [{}] } } });
  const none = { systemAssigned: false };
  signedOut = await startEmulator({ hosts: { relay: none, "azd-host": { ...none, secure: true }, sidecar: none } });
});
beforeEach(() => emulator.faults.clear());
afterAll(() => Promise.all([emulator.close(), signedOut.close()]));

/** Sends a JSON body with a key. */
const post = (to: Emulator, url: string, key: string, body: unknown, more: Partial<PlainRequest> = {}) =>
  send(to, url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...more,
  });

describe("a relay", () => {
  const ask = (body: unknown, asked = emulator, key = asked.env("relay").AZIDENTITY_RELAY_KEY ?? "") =>
    post(asked, `${asked.env("relay").AZIDENTITY_RELAY_URL}/token`, key, body);
  const request = { version: 1, scopes: [scope] };

  it("a relay gives tokens of its identity, by the exec contract", async () => {
    const { status, json } = await ask({ ...request, tenantId: emulator.tenantId, enableCae: true, later: 1 });
    const { token, ...rest } = json as { readonly token: string };
    const { oid, exp, xms_cc } = decodeJwt(token);
    expect(status).toBe(200);
    expect(oid).toBe(emulator.host("relay").systemAssigned?.objectId);
    expect(xms_cc).toEqual(["cp1"]);
    expect(rest).toEqual({ version: 1, tokenType: "Bearer", expiresOn: exp });
  });

  it.each([
    [{ version: 2, scopes: [scope] }, 400, "unsupported-version"],
    [{ version: 1, scopes: [] }, 400, "invalid-request"],
    [{ version: 1, scopes: ["a"] }, 400, "invalid-request"],
    ["[]", 400, "invalid-request"],
    [{ version: 1, scopes: [unknown] }, 403, "scope-not-allowed"],
    [{ ...request, tenantId: "another" }, 403, "tenant-not-allowed"],
  ])("a relay refuses %j", async (body, status, code) => {
    expect(await ask(body)).toMatchObject({ status, json: { version: 1, error: { code } } });
  });

  it("a relay refuses a wrong key and another type, and reports that no user is signed in", async () => {
    expect(await ask(request, emulator, "no")).toMatchObject({
      status: 401,
      json: { error: { code: "unauthorized" } },
    });
    const plain = { headers: { authorization: `Bearer ${emulator.env("relay").AZIDENTITY_RELAY_KEY}` } };
    const url = `${emulator.env("relay").AZIDENTITY_RELAY_URL}/token`;
    expect(await post(emulator, url, "", request, plain)).toMatchObject({ status: 400 });
    expect(await ask(request, signedOut)).toMatchObject({ status: 424, json: { error: { code: "not-signed-in" } } });
    emulator.faults.add({ service: "relay", status: 429 });
    expect(await ask(request)).toMatchObject({ status: 429, json: { error: { code: "throttled" } } });
  });
});

describe("a host of azd", () => {
  const version = "api-version=2023-07-12-preview";
  const ask = (body: unknown, query = version, key = emulator.env("azd-host").AZD_AUTH_KEY ?? "") =>
    post(emulator, `${emulator.env("azd-host").AZD_AUTH_ENDPOINT}/token?${query}`, key, body);

  it("a host of azd gives tokens, with a time of RFC 3339", async () => {
    const { status, json } = await ask({ scopes: [scope], tenantId: emulator.tenantId });
    const { token, expiresOn, ...rest } = json as { readonly token: string; readonly expiresOn: string };
    expect([status, rest]).toEqual([200, { status: "success" }]);
    expect(Date.parse(expiresOn)).toBe((decodeJwt(token).exp ?? 0) * 1000);
    expect(expiresOn).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it.each([
    [{ scopes: [unknown] }, version],
    [{ scopes: [scope], tenantId: "another" }, version],
    [{ scopes: scope }, version],
    ["no", version],
    [{ scopes: [scope] }, ""],
  ])("a host of azd reports an error with status 200: %j %s", async (body, query) => {
    expect(await ask(body, query)).toMatchObject({ status: 200, json: { status: "error", code: "GetTokenError" } });
  });

  it("a host of azd refuses a wrong key", async () => {
    expect(await ask({ scopes: [scope] }, version, "no")).toMatchObject({ status: 401, body: "" });
    emulator.faults.add({ service: "azd-host", status: 500 });
    expect(await ask({ scopes: [scope] })).toMatchObject({ status: 500 });
  });

  it("a secure host of azd has the certificate that AZD_AUTH_CERT names, and reports that no user is signed in", async () => {
    const { AZD_AUTH_ENDPOINT = "", AZD_AUTH_KEY = "", AZD_AUTH_CERT = "" } = signedOut.env("azd-host");
    expect(AZD_AUTH_ENDPOINT).toMatch(/^https:\/\/localhost:\d+$/);
    const ca = new X509Certificate(Buffer.from(AZD_AUTH_CERT, "base64")).toString();
    const answer = await post(
      signedOut,
      `${AZD_AUTH_ENDPOINT}/token?${version}`,
      AZD_AUTH_KEY,
      { scopes: [scope] },
      { ca },
    );
    expect(answer).toMatchObject({ status: 200, json: { status: "error", code: "NotSignedInError" } });
  });
});

describe("the sidecar", () => {
  const ask = (query: Readonly<Record<string, string>>, asked = emulator) => {
    const url = new URL(asked.host("sidecar").endpoint);
    url.search = new URLSearchParams(query).toString();
    return send(asked, url.href);
  };
  const scopes = { "optionsOverride.Scopes": scope };
  const claimsOf = (json: unknown) =>
    decodeJwt((json as { readonly authorizationHeader: string }).authorizationHeader.replace("Bearer ", ""));

  it("the sidecar answers with a header for its application, or for an agent", async () => {
    const { systemAssigned, userAssigned } = emulator.host("sidecar");
    expect(claimsOf((await ask(scopes)).json).oid).toBe(systemAssigned?.objectId);
    const agent = { ...scopes, AgentIdentity: userAssigned[0]?.clientId ?? "", AgentUserId: "u" };
    expect(claimsOf((await ask(agent)).json).oid).toBe(userAssigned[0]?.objectId);
    expect(emulator.env("sidecar").SIDECAR_URL).toBe(new URL(emulator.host("sidecar").endpoint).origin);
  });

  it("the sidecar is healthy", async () => {
    expect(await send(emulator, `${emulator.env("sidecar").SIDECAR_URL}/healthz`)).toMatchObject({ status: 200 });
  });

  it.each([
    [{}],
    [{ "optionsOverride.Scopes": "a" }],
    [{ "optionsOverride.Scopes": unknown }],
    [{ ...scopes, AgentUsername: "u" }],
    [{ ...scopes, AgentIdentity: "another" }],
    [{ ...scopes, scope: "typo" }],
    [{ ...scopes, "optionsOverride.AcquireTokenOptions.Tenant": "another" }],
  ])("the sidecar refuses %j with problem details", async (query) => {
    expect(await ask(query as Record<string, string>)).toMatchObject({
      status: 400,
      headers: { "content-type": "application/problem+json" },
      json: { title: expect.any(String), status: 400 },
    });
  });

  it("the sidecar without an application refuses, and its faults are problem details", async () => {
    expect(await ask(scopes, signedOut)).toMatchObject({ status: 400 });
    emulator.faults.add({ service: "sidecar", status: 503 });
    expect(await ask(scopes)).toMatchObject({ status: 503, json: { status: 503 } });
  });
});
