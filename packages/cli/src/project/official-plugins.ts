import type { IdentityPlugin } from "@azidentity/core";

/** The official plugins beside `azid`, which are its own dependencies. Each is imported when it is needed. */
const imports = {
  "@azidentity/plugin-entra": () => import("@azidentity/plugin-entra"),
  "@azidentity/plugin-users": () => import("@azidentity/plugin-users"),
  "@azidentity/plugin-managed-identity": () => import("@azidentity/plugin-managed-identity"),
  "@azidentity/plugin-dev-tools": () => import("@azidentity/plugin-dev-tools"),
  "@azidentity/plugin-broker": () => import("@azidentity/plugin-broker"),
  "@azidentity/plugin-cache-persist": () => import("@azidentity/plugin-cache-persist"),
} as const satisfies Readonly<Record<string, () => Promise<{ readonly default: IdentityPlugin }>>>;

/** Names of the packages. */
export const officialPluginNames: readonly string[] = Object.keys(imports);

/** The plugins, in the order of their names in `officialPluginNames`. */
export async function loadOfficialPlugins(): Promise<IdentityPlugin[]> {
  return Promise.all(Object.values(imports).map(async (load) => (await load()).default));
}
