import { createIdentity, type Identity } from "@azidentity/core";
import { definePlugin, defineSource } from "@azidentity/core/plugin";
import { ClientSecretCredential } from "@azure/identity";
import { flat, type TokenSource } from "./contenders.ts";

/** Tokens without a network, for figures in which only the cache counts. */
const lifetimeSeconds = 86_400;
const tenantId = "00000000-0000-4000-8000-000000000001";
let count = 0;

/**
 * 1,600 characters, a usual length of a token of Entra; each is different and has its own memory.
 */
export function makeToken(): string {
  count++;
  return flat(String(count).padStart(1_600, "t"));
}

const source = defineSource({
  name: "instant",
  kind: "deployed",
  priority: 1,
  tenantPolicy: "allow-list",
  subject: () => "app",
  create: () => ({
    getToken: async () => ({
      token: makeToken(),
      expiresOnTimestamp: Date.now() + lifetimeSeconds * 1000,
      tokenType: "Bearer",
    }),
  }),
});

/**
 * Ours with a source that returns a token at once, for any tenant, with room for 200,000 tokens.
 */
export function createInstantOurs(): Identity {
  return createIdentity({
    config: false,
    plugins: [definePlugin({ name: "bench", sources: [source] })],
    tenantId,
    additionallyAllowedTenants: ["*"],
    cache: { maxEntries: 200_000, maxBytes: 2_000_000_000 },
  });
}

/** The peer with an HTTP client that returns a token at once. */
export function createInstantPeer(): TokenSource {
  return new ClientSecretCredential(tenantId, "00000000-0000-4000-8000-000000000002", "secret", {
    disableInstanceDiscovery: true,
    additionallyAllowedTenants: ["*"],
    httpClient: {
      sendRequest: async (request) => ({ request, status: 200, headers: request.headers, bodyAsText: answer() }),
    },
  });
}

function answer(): string {
  return JSON.stringify({ token_type: "Bearer", expires_in: lifetimeSeconds, access_token: makeToken() });
}
