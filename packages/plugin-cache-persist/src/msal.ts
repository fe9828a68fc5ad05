/** The token store `msal-plugin` alone, as a plugin that needs no other package than core. */
import { defineOptions, definePlugin } from "@azidentity/core/plugin";
import { defineTokenStore, type TokenStoreProvider } from "@azidentity/core/store";
import type { MsalPluginOptions } from "./msal/plugin-store.ts";

/**
 * Token store `msal-plugin`: sign-ins of users where plugins of MSAL keep them, which other
 * programs of this user share. Only code can choose it, because a plugin is a function.
 */
export const msalPluginStore: TokenStoreProvider<MsalPluginOptions> = defineTokenStore({
  name: "msal-plugin",
  options: defineOptions({
    plugins: {
      type: "any",
      required: true,
      as: {} as MsalPluginOptions["plugins"],
      description: "Functions that return plugins of MSAL (`ICachePlugin`), one for each cache.",
    },
  }),
  create: async (options, context) => (await import("./msal/plugin-store.ts")).openMsalPluginStore(options, context),
});

/** For programs that need this store alone; the plugin of this package has it, too. */
export const msal = definePlugin({ name: "@azidentity/plugin-cache-persist/msal", services: [msalPluginStore] });
export default msal;
export type { MsalCacheContext, MsalCachePlugin } from "./msal/plugin-cache.ts";
export type { MsalPluginOptions } from "./msal/plugin-store.ts";
