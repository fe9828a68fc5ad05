import type { TokenStore } from "../contract/services.ts";
import { readStoreKey, type StoredToken } from "./store-key.ts";

/**
 * Opens a store, and calls `onDeleted` from then on with each token that another process deletes
 * there because the token was refused.
 */
export function watchDeletions(
  open: () => Promise<TokenStore | undefined>,
  onDeleted: (stored: StoredToken) => void,
): () => Promise<TokenStore | undefined> {
  let watched: TokenStore | undefined;
  return async () => {
    const store = await open();
    if (store !== watched) {
      watched = store;
      store?.onDeleted?.((key) => {
        const stored = readStoreKey(key);
        if (stored !== undefined) onDeleted(stored);
      });
    }
    return store;
  };
}
