import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PlainRequest, send } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
beforeEach(() => emulator.faults.clear());
afterAll(() => emulator.close());

async function verify(token: unknown) {
  const { json } = await send(emulator, new URL("/keys", emulator.issuers.githubActions.requestUrl).href);
  return (await jwtVerify(String(token), createLocalJWKSet(json as JSONWebKeySet))).payload;
}

describe("GitHub Actions", () => {
  const ask = (query = "", authorization = `Bearer ${emulator.issuers.githubActions.requestToken}`) =>
    send(emulator, emulator.issuers.githubActions.requestUrl + query, { headers: { authorization } });

  it("GitHub Actions returns a token for the requested audience", async () => {
    const { status, json } = await ask("&audience=api%3A%2F%2FAzureADTokenExchange");
    const { count, value } = json as { count: number; value: string };

    expect([status, count]).toEqual([200, value.length]);
    expect(await verify(value)).toMatchObject({
      iss: "https://token.actions.githubusercontent.com",
      sub: "repo:contoso/orders:ref:refs/heads/main",
      aud: "api://AzureADTokenExchange",
      repository: "contoso/orders",
    });
  });

  it("GitHub Actions returns a token for the owner of the repository by default", async () => {
    const { json } = await ask();
    expect(await verify((json as { value: string }).value)).toMatchObject({ aud: "https://github.com/contoso" });
  });

  it.each(["", "Bearer wrong", "Basic x"])("GitHub Actions refuses the header %j", async (authorization) => {
    expect(await ask("", authorization)).toMatchObject({
      status: 401,
      json: { typeKey: "UnauthorizedRequestException" },
    });
  });
});

describe("Azure Pipelines", () => {
  const query = () => `?api-version=7.1&serviceConnectionId=${emulator.issuers.azurePipelines.serviceConnectionId}`;
  const ask = (path = query(), headers: PlainRequest["headers"] = {}) => {
    const { requestUri, systemAccessToken } = emulator.issuers.azurePipelines;
    const authorization = `Bearer ${systemAccessToken}`;
    return send(emulator, requestUri + path, { method: "POST", headers: { authorization, ...headers } });
  };

  it("Azure Pipelines returns a token of the service connection", async () => {
    const { status, json } = await ask();
    expect(status).toBe(200);
    expect(await verify((json as { oidcToken: string }).oidcToken)).toMatchObject({
      sub: "sc://contoso/orders/production",
      aud: "api://AzureADTokenExchange",
    });
  });

  it.each([
    ["?serviceConnectionId=x", 400, "VssVersionNotSpecifiedException"],
    ["?api-version=7.1", 404, "ServiceEndpointDoesNotExistException"],
    ["?api-version=7.1&serviceConnectionId=x", 404, "ServiceEndpointDoesNotExistException"],
  ])("Azure Pipelines refuses %s", async (path, status, typeKey) => {
    expect(await ask(path)).toMatchObject({ status, json: { typeKey } });
  });

  it("Azure Pipelines redirects a client without a valid token to the sign-in page, except with X-TFS-FedAuthRedirect", async () => {
    const wrong = { authorization: "Bearer wrong" };
    expect(await ask(query(), wrong)).toMatchObject({
      status: 302,
      headers: { location: expect.stringContaining("/_signin") },
    });
    expect(await ask(query(), { ...wrong, "x-tfs-fedauthredirect": "Suppress" })).toMatchObject({ status: 401 });
  });
});

it.each(["github-actions", "azure-pipelines", "kubernetes"])(
  "every issuer has a discovery document: %s",
  async (name) => {
    const { origin } = new URL(emulator.issuers.azurePipelines.requestUri);
    const { json } = await send(emulator, `${origin}/${name}/.well-known/openid-configuration`);
    expect(json).toMatchObject({ issuer: expect.stringMatching(/^https:/), jwks_uri: `${origin}/keys` });
  },
);

it("every issuer has error responses of Azure DevOps", async () => {
  emulator.faults.add({ path: "idtoken", status: 429 }, { path: "idtoken", error: 50076 });
  const ask = () => send(emulator, emulator.issuers.githubActions.requestUrl);
  expect(await ask()).toMatchObject({ status: 429, json: { typeKey: "RequestBlockedException" } });
  expect(await ask()).toMatchObject({ status: 500, json: { emulator: expect.stringContaining("Entra") } });
});
