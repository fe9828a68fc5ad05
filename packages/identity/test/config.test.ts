import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { ClientSecretCredential, DefaultAzureCredential } from "../src/index.ts";
import { scope, tokenRequests, withEmulator } from "./emulator.ts";

const emulator = withEmulator();

/** The path of a config that AZIDENTITY_CONFIG names. */
function configure(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "azidentity.config.json");
  writeFileSync(file, text, { mode: 0o600 });
  vi.stubEnv("AZIDENTITY_CONFIG", file);
  return file;
}

it("a config chooses the chain and the authority of credentials that libraries make", async () => {
  const { tenantId, application, authorityHost } = emulator();
  vi.stubEnv("THE_SECRET", application.clientSecret);
  const { clientId } = application;
  const source = { source: "client-secret", options: { tenantId, clientId, clientSecret: { env: "THE_SECRET" } } };
  configure(JSON.stringify({ authorityHost, disableInstanceDiscovery: true, chain: [source] }));
  const { token } = await new DefaultAzureCredential().getToken(scope);
  expect(token.split(".")).toHaveLength(3);
  const { application: own } = emulator();
  await new ClientSecretCredential(tenantId, own.clientId, own.clientSecret).getToken(scope);
  expect(tokenRequests(emulator())).toBe(2);
});

it("an error in a config names its file, for every credential", async () => {
  const file = configure("{ chain: ");
  for (const credential of [new DefaultAzureCredential(), new ClientSecretCredential("t", "c", "s")])
    await expect(credential.getToken(scope)).rejects.toMatchObject({
      name: "ConfigurationError",
      file,
      message: expect.stringContaining(file),
    });
});

it("a config that appears, or another one, applies to credentials that are made afterwards", async () => {
  configure("{ wrong");
  await expect(new DefaultAzureCredential().getToken(scope)).rejects.toThrow("azidentity.config.json");
  configure(JSON.stringify({ chain: ["environment"] }));
  await expect(new DefaultAzureCredential().getToken(scope)).rejects.toMatchObject({
    name: "AggregateAuthenticationError",
    errors: [expect.objectContaining({ name: "CredentialUnavailableError" })],
  });
});

it("variables that a config refers to are those at the first call of each credential", async () => {
  const { tenantId, application, authorityHost } = emulator();
  const { clientId, clientSecret } = application;
  const entry = { source: "client-secret", options: { clientId, clientSecret: { env: "ORDERS_SECRET" } } };
  const tenant = { tenantId: { env: "ORDERS_TENANT" } };
  configure(JSON.stringify({ ...tenant, authorityHost, disableInstanceDiscovery: true, chain: [entry] }));
  vi.stubEnv("ORDERS_TENANT", tenantId);
  vi.stubEnv("ORDERS_SECRET", clientSecret);
  const first = new DefaultAzureCredential();
  await first.getToken(scope);
  await new DefaultAzureCredential().getToken(scope);
  expect(tokenRequests(emulator())).toBe(1);
  vi.stubEnv("ORDERS_SECRET", "wrong");
  await expect(new DefaultAzureCredential().getToken(scope)).rejects.toMatchObject({ code: "invalid-client-secret" });
  vi.stubEnv("ORDERS_SECRET", clientSecret);
  vi.stubEnv("ORDERS_TENANT", "99999999-9999-4999-8999-999999999999");
  await expect(new DefaultAzureCredential().getToken(scope)).rejects.toMatchObject({ code: "unknown-tenant" });
  expect((await first.getToken(scope)).token).toBeTruthy();
});
