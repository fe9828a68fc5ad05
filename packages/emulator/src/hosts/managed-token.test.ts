import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { requestHostToken } from "../../test/support/plain-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function tokenOf(emulator: Emulator, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const query = { "api-version": "2025-03-30", resource: "https://vault.azure.net", ...more };
  const headers = { "X-IDENTITY-HEADER": emulator.env("app-service").IDENTITY_HEADER ?? "" };
  const { json } = await requestHostToken(emulator, "app-service", query, headers);
  return (json as { readonly access_token: string }).access_token;
}

it("a managed identity receives a different token for each request by default", async () => {
  await using emulator = await startEmulator({ hosts: { "app-service": {} } });
  expect(await tokenOf(emulator)).not.toBe(await tokenOf(emulator));
});

it("a host with cacheTokens returns the same token per identity and resource until it expires", async () => {
  const hosts = { "app-service": { cacheTokens: true, tokenLifetimeSeconds: 600, userAssigned: [{}] } };
  await using emulator = await startEmulator({ hosts });
  const { clientId = "" } = emulator.host("app-service").userAssigned[0] ?? {};
  const first = await tokenOf(emulator);
  expect(await tokenOf(emulator)).toBe(first);
  expect(await tokenOf(emulator, { client_id: clientId })).not.toBe(first);
  expect(await tokenOf(emulator, { resource: "https://storage.azure.com" })).not.toBe(first);
  emulator.clock.advance(601_000);
  expect(await tokenOf(emulator)).not.toBe(first);
});

it("a host with cacheTokens does not return a token whose hash was sent as rejected", async () => {
  await using emulator = await startEmulator({ hosts: { "app-service": { cacheTokens: true } } });
  const cae = { xms_cc: "cp1" };
  const first = await tokenOf(emulator, cae);
  expect(await tokenOf(emulator, { ...cae, token_sha256_to_refresh: sha256("another") })).toBe(first);
  const second = await tokenOf(emulator, { ...cae, token_sha256_to_refresh: sha256(first) });
  expect(second).not.toBe(first);
  expect(await tokenOf(emulator, cae)).toBe(second);
});

it("a protocol version without token_sha256_to_refresh ignores the hash", async () => {
  await using emulator = await startEmulator({ hosts: { "app-service": { cacheTokens: true } } });
  const older = { "api-version": "2019-08-01" };
  const first = await tokenOf(emulator, older);
  expect(await tokenOf(emulator, { ...older, token_sha256_to_refresh: sha256(first) })).toBe(first);
});
