import { createIdentity, type Identity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
import { ClientSecretCredential, DefaultAzureCredential } from "@azure/identity";
import type { Entra } from "./emulator-process.ts";

/** The common interface of ours, peer and floor. */
export interface TokenSource {
  getToken(scope: string, options?: object): Promise<{ readonly token: string } | null>;
}

export const scope = "https://storage.azure.com/.default";

/**
 * The text in memory of its own. V8 joins the parts of a template only on first use, whose cost
 * would go to the contender that is measured first, and keeps a second object for it.
 */
export const flat = (text: string): string => Buffer.from(text).toString("latin1");

/** Different scopes for which the emulator has tokens. */
export function scopesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => flat(`https://account${n}.blob.core.windows.net/.default`));
}

/**
 * The floor: looks up a key in a Map and checks its expiry. No checks of arguments, no misses, no
 * limits.
 */
export function createFloor(entries: ReadonlyMap<string, { readonly token: string; readonly expires: number }>) {
  return async (key: string) => {
    const entry = entries.get(key);
    if (entry !== undefined && Date.now() < entry.expires) return entry;
    throw new Error("not cached");
  };
}

/**
 * Ours against an emulator. `random: 0` removes the jitter, so that a refresh is due exactly when
 * the server says.
 */
export function createOurs(emulator: Entra): Identity {
  const { authorityHost, env } = emulator;
  return createIdentity(
    { config: false, plugins: [entra], authorityHost, disableInstanceDiscovery: true },
    { env, random: () => 0 },
  );
}

/** Ours, only the source `client-secret`. */
export function oursAlone(identity: Identity, { tenantId, application }: Entra): TokenSource {
  const { clientId, clientSecret } = application;
  return identity.credential("client-secret", { tenantId, clientId, clientSecret });
}

/** The peer, only its ClientSecretCredential. */
export function peerAlone({ authorityHost, tenantId, application }: Entra): TokenSource {
  const { clientId, clientSecret } = application;
  return new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost,
    disableInstanceDiscovery: true,
  });
}

/** The peer's default chain, with a service principal in the environment. */
export function peerChain({ authorityHost, env }: Entra): TokenSource {
  Object.assign(process.env, env);
  return new DefaultAzureCredential({ authorityHost, disableInstanceDiscovery: true });
}
