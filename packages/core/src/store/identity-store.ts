import type { SourceContext } from "../contract/context.ts";
import type { TokenStore } from "../contract/services.ts";
import type { LinkStep } from "../token/resolved-request.ts";
import { createGuardedStore, type GuardedStore, type GuardedStoreSettings } from "./guarded-store.ts";
import { withGuardedStore } from "./plugin-store.ts";
import { createStoreAccess, ownsStored, type StoreAccessSettings } from "./store-access.ts";
import type { StoredToken } from "./store-key.ts";
import { createThroughStore } from "./through-store.ts";
import { watchDeletions } from "./watch-deletions.ts";

/**
 * The token store of one identity, and what its links do with it. This file is loaded only where a
 * store is configured.
 */
export interface IdentityStore {
  readonly guarded: GuardedStore;
  /** The context of a source, with the guarded store in place of the store. */
  contextOf(context: SourceContext, source: string): SourceContext;
  /** Reads the store before the source is called, and stores the token of the source. */
  createStep(settings: Omit<StoreAccessSettings, "store">): LinkStep;
  readonly owns: typeof ownsStored;
}

export interface IdentityStoreSettings extends GuardedStoreSettings {
  readonly open: () => Promise<TokenStore | undefined>;
  /** Called with each token that another process deletes because it was refused. */
  readonly onDeleted: (stored: StoredToken) => void;
}

export function createIdentityStore({ open, onDeleted, ...settings }: IdentityStoreSettings): IdentityStore {
  const guarded = createGuardedStore(watchDeletions(open, onDeleted), settings);
  return {
    guarded,
    contextOf: (context, source) => withGuardedStore(context, guarded, source),
    createStep: (link) => createThroughStore(createStoreAccess({ ...link, store: guarded })),
    owns: ownsStored,
  };
}
