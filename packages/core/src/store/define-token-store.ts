import { type ServiceProvider, services, storeSteps, type TokenStore } from "../contract/services.ts";
import type { IdentityStore, IdentityStoreSettings } from "./identity-store.ts";

/** The provider of a token store, with what core does with one. */
export interface TokenStoreProvider<Options = unknown> extends ServiceProvider<TokenStore, Options> {
  /** Core's own; a module that is loaded where a config chooses a store. */
  readonly [storeSteps]: OpenIdentityStore;
}

export type OpenIdentityStore = (settings: IdentityStoreSettings) => Promise<IdentityStore>;

const open: OpenIdentityStore = async (settings) => (await import("./identity-store.ts")).createIdentityStore(settings);

/**
 * Makes the provider of a token store, for the `services` of a plugin. What reads and writes tokens
 * comes with it, so that it is in no bundle without a store.
 *
 * @example
 * export const contoso = defineTokenStore({ name: "contoso", create: () => createStore() });
 */
export function defineTokenStore<Options = unknown>(
  provider: Omit<ServiceProvider<TokenStore, Options>, "token" | "isFallback">,
): TokenStoreProvider<Options> {
  return { ...provider, token: services.tokenStore, [storeSteps]: open };
}
