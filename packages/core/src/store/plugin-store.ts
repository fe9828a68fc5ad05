import type { ServiceToken, SourceContext } from "../contract/context.ts";
import { services, type TokenStore } from "../contract/services.ts";
import type { GuardedStore } from "./guarded-store.ts";

type Perform = <T>(operation: string, run: () => Promise<T>) => Promise<T>;

async function* guardedList(entries: ReturnType<NonNullable<TokenStore["list"]>>, perform: Perform) {
  const iterator = entries[Symbol.asyncIterator]();
  try {
    for (;;) {
      const entry = await perform("list", () => iterator.next());
      if (entry.done) return;
      yield entry.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * Each operation ends in time, and rejects at once while the store is not used. It cannot be
 * closed.
 */
function guard(store: TokenStore, perform: Perform): TokenStore {
  const { scope, list, lease, onDeleted } = store;
  return {
    ...(scope && { scope }),
    get: (key) => perform("get", () => store.get(key)),
    set: (key, value, expiresOnTimestamp) => perform("set", () => store.set(key, value, expiresOnTimestamp)),
    delete: (key) => perform("delete", () => store.delete(key)),
    update: (key, change) => perform("update", () => store.update(key, change)),
    ...(list && { list: () => guardedList(list.call(store), perform) }),
    ...(lease && {
      async lease(key, ms) {
        const held = await perform("lease", () => lease.call(store, key, ms));
        return held && { [Symbol.asyncDispose]: () => perform("lease", async () => held[Symbol.asyncDispose]()) };
      },
    }),
    ...(onDeleted && { onDeleted: (listener) => onDeleted.call(store, listener) }),
  };
}

/**
 * The context of a source, with the token store as the source gets it: guarded, and failures
 * reported under its name.
 */
export function withGuardedStore(context: SourceContext, store: GuardedStore, source: string): SourceContext {
  const user = { source, background: false };
  const perform: Perform = (operation, run) => store.perform(operation, user, run);
  const guarded = async (): Promise<TokenStore | undefined> => {
    const opened = await perform("open", () => context.service(services.tokenStore));
    return opened && guard(opened, perform);
  };
  return Object.freeze({
    ...context,
    service: <T>(token: ServiceToken<T>) =>
      (token as symbol) === services.tokenStore ? (guarded() as Promise<T | undefined>) : context.service(token),
  });
}
