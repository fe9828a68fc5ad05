import { afterAll, beforeAll, expect, it } from "vitest";
import { type PlainResponse, requestToken, send, tokenForm } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const past = new Date("2020-01-01T00:00:00Z");
const tenantId = "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501";
const clientId = "3f9d0b51-6a0c-4a6e-9b52-8a0f2c1f7c02";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    tenants: [
      {
        tenantId,
        domains: ["contoso.example"],
        applications: [{ clientId, secrets: ["first", "second", { value: "expired", expiresOn: past }] }],
      },
      { domains: ["fabrikam.example"] },
    ],
  });
});
afterAll(() => emulator.close());

const post = (tenant: string, options: Parameters<typeof send>[2] = {}) =>
  send(emulator, `/${tenant}/oauth2/v2.0/token?client-request-id=00000000-0000-0000-0000-000000000001`, {
    form: tokenForm(emulator),
    ...options,
  });

function expectRefusal({ status, json }: PlainResponse, expected: readonly [number, string, number]): void {
  const { error, error_codes: codes, error_description: text } = json as Record<string, unknown>;
  expect([status, error, codes]).toEqual([expected[0], expected[1], [expected[2]]]);
  expect(text).toMatch(new RegExp(`^AADSTS${expected[2]}: [^{}]+\\r\\nTrace ID: `));
}

it.each([tenantId, tenantId.toUpperCase(), "contoso.example", "Contoso.Example"])(
  "the token endpoint accepts the tenant name %s",
  async (tenant) => {
    expect((await post(tenant)).status).toBe(200);
  },
);

it.each(["first", "second"])("the token endpoint accepts the secret %s", async (secret) => {
  expect((await requestToken(emulator, { client_secret: secret })).status).toBe(200);
});

it.each([
  [{ grant_type: undefined }, [400, "invalid_request", 900144]],
  [{ grant_type: "implicit" }, [400, "unsupported_grant_type", 70003]],
  [{ grant_type: "constructor" }, [400, "unsupported_grant_type", 70003]],
  [{ client_id: undefined }, [400, "invalid_request", 900144]],
  [{ client_id: "unknown" }, [400, "unauthorized_client", 700016]],
  [{ client_secret: undefined }, [401, "invalid_client", 7000218]],
  [{ client_secret: "" }, [401, "invalid_client", 7000218]],
  [{ client_secret: "third" }, [401, "invalid_client", 7000215]],
  [{ client_secret: "expired" }, [401, "invalid_client", 7000222]],
  [{ scope: undefined }, [400, "invalid_request", 900144]],
  [{ scope: "https://storage.azure.com/user_impersonation" }, [400, "invalid_scope", 1002012]],
  [{ scope: "https://storage.azure.com" }, [400, "invalid_scope", 1002012]],
  [{ scope: "/.default" }, [400, "invalid_scope", 1002012]],
  [{ scope: "openid" }, [400, "invalid_scope", 1002012]],
  [{ scope: " " }, [400, "invalid_scope", 70011]],
  [{ scope: "https://vault.azure.net/.default https://vault.azure.net/read" }, [400, "invalid_scope", 70011]],
  [{ scope: "https://vault.azure.net/.default https://storage.azure.com/.default" }, [400, "invalid_scope", 28000]],
  [{ scope: "https://vault.azure.example/.default" }, [400, "invalid_resource", 500011]],
  [{ scope: "https://a.b.blob.core.windows.net/.default" }, [400, "invalid_resource", 500011]],
  [{ claims: "{" }, [400, "invalid_request", 50117]],
  [{ claims: "[]" }, [400, "invalid_request", 50117]],
  [{ claims: "null" }, [400, "invalid_request", 50117]],
] as const)("the token endpoint refuses %j", async (changes, expected) => {
  expectRefusal(await requestToken(emulator, changes), expected);
});

it.each([
  ["an unknown tenant", () => post("tailspin.example"), [400, "invalid_tenant", 90002]],
  ["an application of another tenant", () => post("fabrikam.example"), [400, "unauthorized_client", 700016]],
  ["a name shared by many tenants", () => post("organizations"), [400, "invalid_request", 50059]],
  ["another method", () => post(tenantId, { method: "GET", form: undefined }), [400, "invalid_request", 900561]],
  [
    "another content type",
    () => post(tenantId, { form: undefined, body: "{}", headers: { "content-type": "application/json" } }),
    [400, "invalid_request", 900144],
  ],
  [
    "a duplicate field",
    () => post(tenantId, { form: new URLSearchParams([...Object.entries(tokenForm(emulator)), ["scope", "x"]]) }),
    [400, "invalid_request", 9000411],
  ],
] as const)("the token endpoint refuses %s", async (_, request, expected) => {
  expectRefusal(await request(), expected);
});

it("the token endpoint refuses a secret from its expiry on", async () => {
  emulator.clock.set(past.getTime() - 1);
  try {
    expect((await requestToken(emulator, { client_secret: "expired" })).status).toBe(200);
    emulator.clock.advance(1);
    expect((await requestToken(emulator, { client_secret: "expired" })).status).toBe(401);
  } finally {
    emulator.clock.set(Date.now());
  }
});

it("an error response of Entra has all fields and headers of Entra's errors", async () => {
  emulator.clock.set(Date.UTC(2026, 10, 23, 14, 0, 0, 123));
  const { json } = await post("tailspin.example");
  const { trace_id: traceId } = json as { trace_id: string };

  expect(traceId).toMatch(/^[0-9a-f-]{36}$/);
  expect(json).toEqual({
    error: "invalid_tenant",
    error_description: expect.stringMatching(
      new RegExp(
        "^AADSTS90002: Tenant 'tailspin.example' not found.*\r\n" +
          `Trace ID: ${traceId}\r\nCorrelation ID: 0{8}-0000-0000-0000-0{11}1\r\nTimestamp: 2026-11-23 14:00:00Z$`,
      ),
    ),
    error_codes: [90002],
    timestamp: "2026-11-23 14:00:00Z",
    trace_id: traceId,
    correlation_id: "00000000-0000-0000-0000-000000000001",
    error_uri: `${emulator.authorityHost}/error?code=90002`,
  });
});

it("an error response of Entra never contains the secret of the request", async () => {
  const answer = await requestToken(emulator, { client_secret: "Canary-5ecret" });
  expect(answer.status).toBe(401);
  expect(JSON.stringify(answer)).not.toContain("5ecret");
});
