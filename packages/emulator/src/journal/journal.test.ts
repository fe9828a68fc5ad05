import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requestToken, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => emulator.requests.clear());
afterAll(() => emulator.close());

it("the journal records each request and the status of its response", async () => {
  emulator.clock.set(1_700_000_000_000);
  await requestToken(emulator, { client_secret: "wrong" }, { headers: { "X-Trace": "7" } });

  expect(emulator.requests).toHaveLength(1);
  expect(emulator.requests[0]).toEqual({
    service: "entra",
    method: "POST",
    url: `${emulator.authorityHost}/${emulator.tenantId}/oauth2/v2.0/token`,
    path: `/${emulator.tenantId}/oauth2/v2.0/token`,
    tenant: emulator.tenantId,
    headers: expect.objectContaining({ "x-trace": "7" }),
    form: {
      grant_type: "client_credentials",
      client_id: emulator.application.clientId,
      client_secret: "***",
      scope: "https://storage.azure.com/.default",
    },
    serverName: "localhost",
    status: 401,
    at: 1_700_000_000_000,
  });
});

it("the journal finds requests by the end of their path", async () => {
  await send(emulator, "/contoso/discovery/v2.0/keys?x=1");
  await send(emulator, "/nowhere");

  expect(emulator.requests.to("/keys").map(({ tenant, status }) => [tenant, status])).toEqual([["contoso", 400]]);
  expect(emulator.requests.to("/token")).toEqual([]);
  expect(emulator.requests.map(({ path }) => path)).toEqual(["/contoso/discovery/v2.0/keys", "/nowhere"]);
});

it("the journal next resolves with the next matching request", async () => {
  const next = emulator.requests.next("/keys");
  await send(emulator, "/nowhere");
  await send(emulator, "/contoso/discovery/v2.0/keys");
  expect((await next).tenant).toBe("contoso");
});

it("the journal is printed as an array of requests", async () => {
  await send(emulator, "/nowhere");
  expect(JSON.parse(JSON.stringify(emulator.requests))).toEqual([expect.objectContaining({ path: "/nowhere" })]);
  expect(Object.keys(emulator.requests)).toEqual(["0"]);
});

describe("a secret", () => {
  const canary = "Canary-5ecret~";
  const token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.Canary-5ecret";

  const fields = [
    ["client_secret", "client_assertion", "assertion", "refresh_token", "code", "code_verifier", "device_code"],
    ["password", "user_federated_identity_credential", "access_token", "id_token", "Client_Secret"],
  ].flat();
  const headers = ["Authorization", "Proxy-Authorization", "Cookie", "X-IDENTITY-HEADER", "Secret"];

  const inFields = (name: string) => requestToken(emulator, { [name]: canary });
  const inQuery = (name: string) => send(emulator, `/t/oauth2/v2.0/token?a=1&${name}=${canary}`);
  const inHeader = (name: string) => send(emulator, "/", { headers: { [name]: `Bearer ${canary}` } });
  const cases = [
    ...fields.map((name) => [`field ${name}`, () => inFields(name)] as const),
    ...fields.map((name) => [`query parameter ${name}`, () => inQuery(name)] as const),
    ...headers.map((name) => [`header ${name}`, () => inHeader(name)] as const),
    ["field of any name, being a token", () => requestToken(emulator, { hint: `x ${token}` })] as const,
    ["query parameter of any name, being a token", () => send(emulator, `/?hint=${token}`)] as const,
    ["query parameter between others of its name", () => send(emulator, `/?a=1&a=${token}&a=1`)] as const,
    ["path, being a token", () => send(emulator, `/${token}/discovery/v2.0/keys`)] as const,
    ["header of any name, being a token", () => send(emulator, "/", { headers: { hint: token } })] as const,
    ["body that is no form", () => send(emulator, "/t/oauth2/v2.0/token", { method: "POST", body: canary })] as const,
  ];

  it.each(cases)("a secret in a %s is never printed", async (_, request) => {
    await request();
    const printed = JSON.stringify(emulator.requests) + inspect(emulator.requests, { depth: 9, showHidden: true });
    expect(emulator.requests).toHaveLength(1);
    expect(printed).not.toContain("5ecret");
    expect(inspect(emulator.requests[0])).not.toContain("5ecret");
  });

  it("a secret is replaced without a change to the rest of the URL", async () => {
    await send(emulator, "/?a=1&code=x&b=%20");
    await send(emulator, "/?a=1&b=%20");
    expect(emulator.requests.map(({ url }) => url)).toEqual([
      `${emulator.authorityHost}/?a=1&code=***&b=+`,
      `${emulator.authorityHost}/?a=1&b=%20`,
    ]);
  });
});
