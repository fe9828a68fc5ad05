import type { Clock, TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { lockLost, storeClosed } from "../store-errors.ts";
import type { Circuit } from "./circuit.ts";
import type { Command } from "./command.ts";
import type { Deletions } from "./deletions.ts";
import { createRedisLocks, type RedisLock, type RedisLocks } from "./lock.ts";

export interface RedisStoreSettings {
  readonly command: Command;
  /** Commands for each node that has keys of its own, for `list`. */
  readonly nodes: () => Promise<readonly Command[]>;
  readonly deletions: Deletions;
  readonly circuit: Circuit;
  readonly sealer: Sealer;
  /** Prefix of all keys of this cache. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly onUnreadable: (reason: string) => void;
  readonly onDispose: () => Promise<void>;
}

/**
 * Writes, or deletes if the value is empty, only while the lock is ours; keeps the expiry of the
 * entry.
 */
const writeLocked = `
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('del', KEYS[1]) else
local ttl = redis.call('pttl', KEYS[1])
redis.call('set', KEYS[1], ARGV[2])
if ttl > 0 then redis.call('pexpire', KEYS[1], ttl) end
end
return 1`;

const scanCount = "200";
const toText = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** The entries in Redis, without locks. */
function createEntries({ sealer, prefix, clock, onUnreadable }: RedisStoreSettings, command: Command) {
  // a hash tag keeps an entry, its lock and its lease on one node of a cluster
  const keyAt = (slot: string) => `${prefix}{${slot}}`;
  const unseal = (slot: string, answer: unknown): Entry | undefined => {
    if (typeof answer !== "string") return undefined;
    const entry = sealer.open(slot, Buffer.from(answer, "base64"));
    if (typeof entry === "string") {
      onUnreadable(entry);
      return undefined;
    }
    return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
  };
  return {
    keyOf: (key: string) => keyAt(sealer.slotOf(key)),
    read: async (slot: string) => unseal(slot, await command("GET", keyAt(slot))),
    seal: (entry: Entry) => toText(sealer.seal(entry)),
  };
}

/** The slots of the entries at one node; SCAN may return a key twice. */
async function* slotsOf({ circuit, prefix }: RedisStoreSettings, node: Command): AsyncGenerator<string> {
  let cursor = "0";
  do {
    const scan = () => node("SCAN", cursor, "MATCH", `${prefix}*`, "COUNT", scanCount);
    const [next, keys] = (await circuit.run(scan)) as [unknown, unknown[]];
    cursor = String(next);
    for (const key of keys) {
      const slot = /^\{([0-9a-f]{64})\}$/.exec(String(key).slice(prefix.length))?.[1];
      if (slot !== undefined) yield slot;
    }
  } while (cursor !== "0");
}

async function* listEntries(settings: RedisStoreSettings, read: (slot: string) => Promise<Entry | undefined>) {
  const seen = new Set<string>();
  for (const node of await settings.nodes()) {
    for await (const slot of slotsOf(settings, node)) {
      const entry = seen.has(slot) ? undefined : await read(slot);
      seen.add(slot);
      if (entry !== undefined) yield { key: entry.key, expiresOnTimestamp: entry.expiresOnTimestamp };
    }
  }
}

const lockOf = (entryKey: string) => `${entryKey}:lock`;

/** Changes entries under a lock of their own; those of one process run one after another. */
function createUpdate(
  sealer: Sealer,
  { keyOf, read, seal }: ReturnType<typeof createEntries>,
  { command, locks }: { readonly command: Command; readonly locks: RedisLocks },
): TokenStore["update"] {
  const queue = createSerialQueue();
  return (key, change) => {
    const slot = sealer.slotOf(key);
    const entryKey = keyOf(key);
    const lockKey = lockOf(entryKey);
    const changeLocked = async ({ nonce }: RedisLock): Promise<void> => {
      const entry = await read(slot);
      const value = await change(entry?.value);
      const text = value === undefined ? "" : seal({ key, value, expiresOnTimestamp: entry?.expiresOnTimestamp });
      if ((await command("EVAL", writeLocked, "2", entryKey, lockKey, nonce, text)) === 1) return;
      throw lockLost();
    };
    return queue(slot, () => locks.withLock(lockKey, changeLocked));
  };
}

/**
 * Stores one sealed value per entry, which Redis drops when the entry expires. Redis sees neither
 * keys nor values in plain text.
 */
export function createRedisStore(settings: RedisStoreSettings): TokenStore {
  const { circuit, sealer, clock } = settings;
  const disposed = new AbortController();
  const command: Command = (...args) => circuit.run(() => settings.command(...args));
  const locks = createRedisLocks(command, clock, disposed.signal);
  const entries = createEntries(settings, command);

  return {
    get: async (key) => (await entries.read(sealer.slotOf(key)))?.value,
    async set(key, value, expiresOnTimestamp) {
      const lifetimeMs = expiresOnTimestamp === undefined ? undefined : Math.ceil(expiresOnTimestamp - clock.now());
      if (lifetimeMs !== undefined && lifetimeMs <= 0) return void (await command("DEL", entries.keyOf(key)));
      const expiry = lifetimeMs === undefined ? [] : ["PX", String(lifetimeMs)];
      await command("SET", entries.keyOf(key), entries.seal({ key, value, expiresOnTimestamp }), ...expiry);
    },
    async delete(key) {
      const entryKey = entries.keyOf(key);
      // without its lock, a process that is changing the entry cannot write it again
      await command("DEL", entryKey, lockOf(entryKey));
      settings.deletions.publish(key);
    },
    onDeleted: settings.deletions.subscribe,
    update: createUpdate(sealer, entries, { command, locks }),
    list: () => listEntries(settings, entries.read),
    async lease(key, ms) {
      const lock = await locks.tryTake(`${entries.keyOf(key)}:lease`, ms);
      return lock && { [Symbol.asyncDispose]: lock.release };
    },
    async [Symbol.asyncDispose]() {
      disposed.abort(storeClosed());
      circuit.close();
      settings.deletions.close();
      await settings.onDispose();
    },
  };
}
