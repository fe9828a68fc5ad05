import type { Step } from "../async/compose.ts";
import type { SourceContext } from "../contract/context.ts";
import type { TokenStore } from "../contract/services.ts";
import type { IssuedToken } from "../contract/token.ts";
import type { ResolvedRequest } from "../token/resolved-request.ts";
import { createGuardedStore, type GuardedStore, type GuardedStoreSettings } from "./guarded-store.ts";
import { withGuardedStore } from "./plugin-store.ts";
import { createStoreAccess, ownsStored, type StoreAccessSettings } from "./store-access.ts";
import type { StoredToken } from "./store-key.ts";
import { type StoreAccess, type Storing, throughStore } from "./through-store.ts";
import { watchDeletions } from "./watch-deletions.ts";

/**
 * The token store of one identity, and what its links do with it. This file is loaded only where a
 * store is configured.
 */
export interface IdentityStore {
  readonly guarded: GuardedStore;
  /** The context of a source, with the guarded store in place of the store. */
  contextOf(context: SourceContext, source: string): SourceContext;
  /** How the link of a source uses the store. */
  accessOf(settings: Omit<StoreAccessSettings, "store">): StoreAccess<ResolvedRequest>;
  /** Reads the store before the source is called, and stores the token of the source. */
  readonly step: Step<Storing<ResolvedRequest>, ResolvedRequest, IssuedToken>;
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
    accessOf: (link) => createStoreAccess({ ...link, store: guarded }),
    step: throughStore,
    owns: ownsStored,
  };
}
