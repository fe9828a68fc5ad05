import { createIdentity, type Identity, type IdentityPlugin } from "@azidentity/core";
import type { Emulator } from "@azidentity/emulator";

export const scope = "https://vault.azure.net/.default";

export interface SignInSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Parameters<typeof createIdentity>[1];
  readonly chain?: Parameters<typeof createIdentity>[0];
}

/** Identities with one plugin that use an emulator, closed together. */
export function createIdentities(plugin: IdentityPlugin, emulator: () => Emulator) {
  const opened: Identity[] = [];
  return {
    make({ env = {}, overrides = {}, chain = {} }: SignInSettings = {}): Identity {
      const { authorityHost, caCertificateFile: caFile, tenantId } = emulator();
      const config = { config: false, plugins: [plugin], authorityHost, tenantId, http: { caFile } } as const;
      const identity = createIdentity(
        { ...config, additionallyAllowedTenants: ["*"], ...chain },
        { env, ...overrides },
      );
      opened.push(identity);
      return identity;
    },
    close: () => Promise.all(opened.splice(0).map((identity) => identity.close())),
  };
}

export function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
