import { type SourceContext, services, type TokenStore } from "@azidentity/core/plugin";

/**
 * JSON values by key, in the token store and in memory: users stay signed in without a store, or
 * when it fails.
 */
export interface Partitions {
  read(key: string): Promise<unknown>;
  /**
   * The same; from a store that several users or machines share, only values that this process has
   * written.
   */
  readOwn(key: string): Promise<unknown>;
  /** Atomic against other processes. `change` returns `undefined` to delete. */
  update(key: string, change: (current: unknown) => unknown): Promise<void>;
}

type Change = (current: unknown) => unknown;

/** Changes of one partition kept while the store fails: as many as there are users in the list. */
const maxUnsaved = 100;

function decode(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // unreadable contents count as none
  }
}

const encode = (value: unknown) => (value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value)));

/** Result of the store; `undefined`: there is no store, or it fails, which core reports. */
async function inStore<T>(
  context: SourceContext,
  work: (store: TokenStore) => Promise<T>,
): Promise<{ readonly answer: T } | undefined> {
  try {
    const store = await context.service(services.tokenStore);
    return store && { answer: await work(store) };
  } catch {
    return undefined;
  }
}

export function createPartitions(context: SourceContext): Partitions {
  const own = new Map<string, unknown>();
  /** Changes that the store has failed to save; written with the next change that succeeds. */
  const unsaved = new Map<string, readonly Change[]>();

  const apply = (key: string, stored: unknown): unknown =>
    (unsaved.get(key) ?? []).reduce<unknown>((value, change) => change(value), stored);

  const read = async (key: string, mayRead: (store: TokenStore) => boolean): Promise<unknown> => {
    const stored = await inStore(context, async (store) =>
      mayRead(store) ? { bytes: await store.get(key) } : undefined,
    );
    return stored?.answer === undefined ? own.get(key) : apply(key, decode(stored.answer.bytes));
  };

  return {
    read: (key) => read(key, () => true),
    readOwn: (key) => read(key, ({ scope }) => scope === "user"),
    async update(key, change) {
      const changed = change(own.get(key));
      if (changed === undefined) own.delete(key);
      else own.set(key, changed);
      const before = unsaved.get(key) ?? [];
      const stored = await inStore(context, async (store) => {
        await store.update(key, async (current) => encode(change(apply(key, decode(current)))));
      });
      const now = unsaved.get(key) ?? [];
      if (stored === undefined) unsaved.set(key, [...now, change].slice(-maxUnsaved));
      else
        unsaved.set(
          key,
          now.filter((one) => !before.includes(one)),
        );
      if (unsaved.get(key)?.length === 0) unsaved.delete(key);
    },
  };
}
