/** For authors of token stores. */

export { defineTokenStore, type TokenStoreProvider } from "./store/define-token-store.ts";
