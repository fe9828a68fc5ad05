import type { TokenStore } from "../contract/store.ts";
import { readStoreKey, type StoredToken } from "./store-key.ts";

/**
 * Opens a store, and listens from then on for tokens with which other processes were refused: those
 * are deleted there.
 */
export function hearRefusals(
  open: () => Promise<TokenStore | undefined>,
  onRefused: (stored: StoredToken) => void,
): () => Promise<TokenStore | undefined> {
  let heard: TokenStore | undefined;
  return async () => {
    const store = await open();
    if (store !== heard) {
      heard = store;
      store?.onDeleted?.((key) => {
        const stored = readStoreKey(key);
        if (stored !== undefined) onRefused(stored);
      });
    }
    return store;
  };
}
