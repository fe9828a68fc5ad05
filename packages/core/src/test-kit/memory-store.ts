import type { TokenStore } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";

interface Item {
  readonly value: Uint8Array;
  readonly expiresOnTimestamp: number | undefined;
}

/** Runs work one after another, so that no update overwrites another. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Leases that end by themselves, or when they are disposed. */
function createLeases(clock: Clock): NonNullable<TokenStore["lease"]> {
  const leases = new Map<string, number>();
  return async (key, ms) => {
    if ((leases.get(key) ?? 0) > clock.monotonic()) return undefined;
    const until = clock.monotonic() + ms;
    leases.set(key, until);
    return {
      async [Symbol.asyncDispose]() {
        if (leases.get(key) === until) leases.delete(key);
      },
    };
  };
}

/**
 * The reference implementation of a token store, in memory: for tests of sources, and to compare a
 * store of your own with.
 */
export function createMemoryStore(clock: Clock): TokenStore {
  const items = new Map<string, Item>();
  const serialize = createQueue();

  const alive = (key: string): Item | undefined => {
    const item = items.get(key);
    const dead = item?.expiresOnTimestamp !== undefined && item.expiresOnTimestamp <= clock.now();
    if (dead) items.delete(key);
    return dead ? undefined : item;
  };
  const get = async (key: string) => alive(key)?.value.slice();
  const set = async (key: string, value: Uint8Array, expiresOnTimestamp?: number) => {
    items.set(key, { value: value.slice(), expiresOnTimestamp });
  };
  const remove = async (key: string) => {
    items.delete(key);
  };

  return {
    scope: "user", // lives in this process
    get,
    set,
    delete: remove,
    update: (key, change) =>
      serialize(async () => {
        const changed = await change(await get(key));
        await (changed === undefined ? remove(key) : set(key, changed, alive(key)?.expiresOnTimestamp));
      }),
    async *list() {
      for (const key of [...items.keys()]) {
        const item = alive(key);
        if (item !== undefined) yield { key, expiresOnTimestamp: item.expiresOnTimestamp };
      }
    },
    lease: createLeases(clock),
  };
}
