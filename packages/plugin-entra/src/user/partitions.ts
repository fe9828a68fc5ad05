import {
  isIdentityError,
  outcomeError,
  redact,
  type SourceContext,
  services,
  type TokenStore,
  withinTime,
} from "@azidentity/core/plugin";

/** Milliseconds that the store may take for one thing, and for which one that took longer is passed over. */
const patience = { ms: 5_000, rest: 30_000 };

/** JSON by key, in the token store and beside it: users stay signed in when there is no store, or it fails. */
export interface Partitions {
  read(key: string): Promise<unknown>;
  /** The same, but from a store that users or machines may share only what this process has put in. */
  readOwn(key: string): Promise<unknown>;
  /** Atomic against other processes. `change` returns `undefined` to delete. */
  update(key: string, change: (current: unknown) => unknown): Promise<void>;
}

type Change = (current: unknown) => unknown;

/** Changes of one partition that are remembered while the store does not work: as many as users are listed. */
const mostUnsaved = 100;

function decode(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // as good as none
  }
}

const encode = (value: unknown) => (value === undefined ? undefined : new TextEncoder().encode(JSON.stringify(value)));

export function createPartitions(sourceName: string, context: SourceContext): Partitions {
  const { clock } = context;
  const own = new Map<string, unknown>();
  /** What the store did not take: it is made up for with the next change that it takes. */
  const unsaved = new Map<string, readonly Change[]>();
  let warned = false;
  let restsUntil = 0; // monotonic milliseconds

  /** What the store answers; `undefined`: there is none, or it does not work. */
  const inStore = async <T>(work: (store: TokenStore) => Promise<T>): Promise<{ readonly answer: T } | undefined> => {
    if (clock.monotonic() < restsUntil) return undefined;
    const late = () => {
      restsUntil = clock.monotonic() + patience.rest;
      return outcomeError("timeout", `no answer within ${patience.ms / 1000} s`);
    };
    try {
      return await withinTime({ clock, ms: patience.ms, late }, new AbortController().signal, async () => {
        const store = await context.service(services.tokenStore);
        return store === undefined ? undefined : { answer: await work(store) };
      });
    } catch (error) {
      if (warned) return undefined;
      warned = true;
      const reason = isIdentityError(error) || error instanceof Error ? redact(error.message, 256) : "unknown";
      // the core has said at a higher level that the store does not work, and what to type
      context.log.info(
        `${sourceName}: the token store does not work, so users have to sign in again next time: ${reason}`,
      );
      return undefined;
    }
  };

  const apply = (key: string, stored: unknown): unknown =>
    (unsaved.get(key) ?? []).reduce<unknown>((value, change) => change(value), stored);

  const read = async (key: string, mayRead: (store: TokenStore) => boolean): Promise<unknown> => {
    const stored = await inStore(async (store) => (mayRead(store) ? { bytes: await store.get(key) } : undefined));
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
      const stored = await inStore(async (store) => {
        await store.update(key, async (current) => encode(change(apply(key, decode(current)))));
      });
      const now = unsaved.get(key) ?? [];
      if (stored === undefined) unsaved.set(key, [...now, change].slice(-mostUnsaved));
      else
        unsaved.set(
          key,
          now.filter((one) => !before.includes(one)),
        );
      if (unsaved.get(key)?.length === 0) unsaved.delete(key);
    },
  };
}
