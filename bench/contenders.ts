import { createIdentity, type Identity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
import type { Entra } from "./emulator-process.ts";

/** What ours, peer and floor have in common. */
export interface TokenSource {
  getToken(scope: string, options?: object): Promise<{ readonly token: string } | null>;
}

export const scope = "https://storage.azure.com/.default";

/**
 * As many different scopes as wanted, for which the emulator has tokens. Through a buffer: V8 would join the parts of a template only when
 * somebody looks at them, and whoever is measured first would pay.
 */
export function scopesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) =>
    Buffer.from(`https://account${n}.blob.core.windows.net/.default`).toString("latin1"),
  );
}

/** The floor: look a key up in a Map and check when it expires. No checks of arguments, no misses, no bounds. */
export function createFloor(entries: ReadonlyMap<string, { readonly token: string; readonly expires: number }>) {
  return async (key: string) => {
    const entry = entries.get(key);
    if (entry !== undefined && Date.now() < entry.expires) return entry;
    throw new Error("not cached");
  };
}

/** Ours against an emulator. `random: 0` takes the jitter away, so that a refresh falls due when the server says. */
export function createOurs(emulator: Entra): Identity {
  const { authorityHost, env } = emulator;
  return createIdentity(
    { config: false, plugins: [entra], authorityHost, disableInstanceDiscovery: true },
    { env, random: () => 0 },
  );
}

/** Ours, the source `client-secret` alone. */
export function oursAlone(identity: Identity, { tenantId, application }: Entra): TokenSource {
  const { clientId, clientSecret } = application;
  return identity.credential("client-secret", { tenantId, clientId, clientSecret });
}

/** The peer, its ClientSecretCredential alone. */
export function peerAlone({ authorityHost, tenantId, application }: Entra): TokenSource {
  const { clientId, clientSecret } = application;
  return new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost,
    disableInstanceDiscovery: true,
  });
}

/** The peer's default chain, where the environment names a service principal. */
export function peerChain({ authorityHost, env }: Entra): TokenSource {
  Object.assign(process.env, env);
  return new DefaultAzureCredential({ authorityHost, disableInstanceDiscovery: true });
}
