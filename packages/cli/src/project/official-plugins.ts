import type { IdentityPlugin } from "@azidentity/core";

/** The official plugins beside `azid`, which are its own dependencies, by package. */
export const officialPlugins: Readonly<Record<string, () => Promise<IdentityPlugin>>> = {
  "@azidentity/plugin-entra": async () => (await import("@azidentity/plugin-entra")).default,
  "@azidentity/plugin-users": async () => (await import("@azidentity/plugin-users")).default,
  "@azidentity/plugin-managed-identity": async () => (await import("@azidentity/plugin-managed-identity")).default,
  "@azidentity/plugin-dev-tools": async () => (await import("@azidentity/plugin-dev-tools")).default,
  "@azidentity/plugin-broker": async () => (await import("@azidentity/plugin-broker")).default,
  "@azidentity/plugin-external": async () => (await import("@azidentity/plugin-external")).default,
  "@azidentity/plugin-cache-persist": async () => (await import("@azidentity/plugin-cache-persist")).default,
};

/** Names of the packages. */
export const officialPluginNames: readonly string[] = Object.keys(officialPlugins);

/** All of them. */
export const loadOfficialPlugins = (): Promise<IdentityPlugin[]> =>
  Promise.all(Object.values(officialPlugins).map((load) => load()));
