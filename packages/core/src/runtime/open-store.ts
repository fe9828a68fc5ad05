import type { Container } from "../container/container.ts";
import { services, storeSteps } from "../contract/services.ts";
import type { Links } from "../link/link-registry.ts";
import type { OpenIdentityStore } from "../store/define-token-store.ts";
import type { GuardedStoreSettings } from "../store/guarded-store.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import type { StoredToken } from "../store/store-key.ts";
import { createWeakList, type WeakList } from "../util/weak-list.ts";

/** A token store, and the identities that use it. */
export interface SharedStore {
  /** `undefined`: tokens live in memory alone. */
  readonly opened: IdentityStore | undefined;
  /** Their links, which forget the tokens that other processes delete. */
  readonly users: WeakList<Links>;
}

/** The store of the config, if it names one. What uses it came with it: see `defineTokenStore`. */
export async function openStore(container: Container, settings: GuardedStoreSettings): Promise<SharedStore> {
  const users = createWeakList<Links>();
  const openIdentityStore = (await container.get(storeSteps)) as OpenIdentityStore | undefined;
  if (openIdentityStore === undefined) return { opened: undefined, users };
  const onDeleted = (stored: StoredToken) => {
    for (const links of users.newestFirst()) links.evict(stored);
  };
  const open = () => container.get(services.tokenStore);
  return { opened: await openIdentityStore({ ...settings, open, onDeleted }), users };
}
