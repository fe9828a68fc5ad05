import type { JWTPayload } from "jose";
import { expect, it } from "vitest";
import { requestToken } from "../../test/support/plain-client.ts";
import { verify } from "../../test/support/verify.ts";
import { type Emulator, startEmulator } from "../emulator.ts";
import type { EmulatorOptions } from "../emulator-options.ts";

async function withEmulator(options: EmulatorOptions, run: (emulator: Emulator) => Promise<void>): Promise<void> {
  const emulator = await startEmulator(options);
  try {
    await run(emulator);
  } finally {
    await emulator.close();
  }
}

async function getToken(emulator: Emulator, changes: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { status, json } = await requestToken(emulator, changes);
  expect(status).toBe(200);
  return json as Record<string, unknown>;
}

async function getClaims(emulator: Emulator, resource: string, audience = resource): Promise<JWTPayload> {
  const { access_token: token } = await getToken(emulator, { scope: `${resource}/.default` });
  return verify(emulator, String(token), audience);
}

it("an application's token expires after expires_in, on the emulator's clock", async () => {
  await withEmulator({}, async (emulator) => {
    emulator.clock.set(1_800_000_000_999);
    const { access_token: token, ...answer } = await getToken(emulator);

    expect(answer).toEqual({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599 });
    expect(await verify(emulator, String(token), "https://storage.azure.com")).toMatchObject({
      iat: 1_800_000_000,
      nbf: 1_800_000_000,
      exp: 1_800_003_599,
    });
  });
});

it("an application's token has the lifetime and refresh_in of the options", async () => {
  await withEmulator({ tokenLifetimeSeconds: 86_399, refreshInSeconds: 43_199 }, async (emulator) => {
    expect(await getToken(emulator)).toMatchObject({ expires_in: 86_399, refresh_in: 43_199 });
  });
});

it("an application's token is a v1.0 token for Microsoft's resources, with the audience exactly as requested", async () => {
  const tenants = [{ applications: [{ displayName: "Night shift" }] }];
  await withEmulator({ tenants }, async (emulator) => {
    for (const resource of [
      "https://vault.azure.net",
      "https://vault.azure.net/",
      "https://a1.blob.core.windows.net",
    ]) {
      expect(await getClaims(emulator, resource)).toMatchObject({
        ver: "1.0",
        iss: `https://sts.windows.net/${emulator.tenantId}/`,
        tid: emulator.tenantId,
        appid: emulator.application.clientId,
        app_displayname: "Night shift",
        oid: emulator.application.objectId,
        sub: emulator.application.objectId,
      });
    }
  });
});

it("an application's token is a v1.0 token for the `resources` of the tenant", async () => {
  await withEmulator({ tenants: [{ resources: ["https://orders.example/"] }] }, async (emulator) => {
    expect(await getClaims(emulator, "https://Orders.example")).toMatchObject({ ver: "1.0" });
  });
});

it("an application's token is a v2.0 token for APIs of the directory, with their client id as audience", async () => {
  const tenants = [{ applications: [{}, { clientId: "orders", identifierUris: ["https://contoso.example/orders"] }] }];
  await withEmulator({ tenants }, async (emulator) => {
    for (const resource of ["orders", "https://contoso.example/orders"]) {
      expect(await getClaims(emulator, resource, "orders")).toMatchObject({
        ver: "2.0",
        iss: `${emulator.authorityHost}/${emulator.tenantId}/v2.0`,
        azp: emulator.application.clientId,
      });
    }
  });
});

it("an application's token has the audience of a federated credential for api://AzureADTokenExchange", async () => {
  await withEmulator({}, async (emulator) => {
    const audience = "fb60f99c-7a34-4190-8149-302f77469936";
    expect(await getClaims(emulator, "api://AzureADTokenExchange", audience)).toMatchObject({ ver: "2.0" });
  });
});

it("an application's token has the roles for its own resource, and none for another", async () => {
  const tenants = [{ applications: [{ roles: { "https://graph.microsoft.com/": ["User.Read.All"] } }] }];
  await withEmulator({ tenants }, async (emulator) => {
    expect(await getClaims(emulator, "https://graph.microsoft.com")).toMatchObject({ roles: ["User.Read.All"] });
    expect(await getClaims(emulator, "https://storage.azure.com")).not.toHaveProperty("roles");
  });
});

it("an application's token has xms_cc if the client declares cp1, in any letter case", async () => {
  await withEmulator({}, async (emulator) => {
    const claims = (values: unknown) => JSON.stringify({ access_token: { xms_cc: { values } } });
    const capabilities = async (text: string) => {
      const { access_token: token } = await getToken(emulator, { claims: text });
      return (await verify(emulator, String(token), "https://storage.azure.com")).xms_cc;
    };
    expect(await capabilities(claims(["cp1"]))).toEqual(["cp1"]);
    expect(await capabilities(claims(["CP1", "x"]))).toEqual(["cp1"]);
    expect(await capabilities(claims(["x"]))).toBeUndefined();
    expect(await capabilities('{"access_token":null}')).toBeUndefined();
  });
});

it("an application's token is different for each request", async () => {
  await withEmulator({}, async (emulator) => {
    emulator.clock.set(1_800_000_000_000);
    const tokens = [await getToken(emulator), await getToken(emulator)].map((answer) => answer.access_token);
    expect(tokens[0]).not.toBe(tokens[1]);
  });
});
