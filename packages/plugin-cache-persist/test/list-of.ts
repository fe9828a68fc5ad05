import type { TokenStore } from "@azidentity/core/plugin";

/** All entries that a store lists, sorted by key. */
export async function listOf(store: TokenStore) {
  const listed: { readonly key: string; readonly expiresOnTimestamp?: number }[] = [];
  for await (const entry of store.list?.() ?? []) listed.push(entry);
  return listed.sort((a, b) => (a.key < b.key ? -1 : 1));
}
