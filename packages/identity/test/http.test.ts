import { describe, expect, it, vi } from "vitest";
import { ClientSecretCredential, ManagedIdentityCredential } from "../src/index.ts";
import type { PipelinePolicy, SendRequest } from "../src/types/http.ts";
import { atEmulator, scope, tokenRequests, withEmulator } from "./emulator.ts";

const emulator = withEmulator();

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

describe("what is not supported is refused", () => {
  it.each([
    ["agent", { agent: {} }],
    ["tlsOptions.pfx", { tlsOptions: { pfx: "x" } }],
  ])("%s", (name, options) => {
    expect(() => credential(options)).toThrow(`the option \`${name}\` is not supported`);
    expect(() => new ManagedIdentityCredential(options as object)).toThrow(`\`${name}\``);
  });
});
