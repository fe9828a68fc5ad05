import { type Clock, outcomeError, type TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createSerialQueue } from "../serial-queue.ts";
import type { Circuit } from "./circuit.ts";
import type { Command } from "./command.ts";
import type { Deletions } from "./deletions.ts";
import { createRedisLocks } from "./lock.ts";

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

/** Writes, or deletes if the value is empty, only while the lock is ours; keeps the expiry of the entry. */
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

/** Stores one sealed value per entry, which Redis drops when the entry expires. Redis sees neither keys nor values in plain text. */
export function createRedisStore(settings: RedisStoreSettings): TokenStore {
  const { circuit, sealer, prefix, clock, onUnreadable } = settings;
  const disposed = new AbortController();
  const queue = createSerialQueue();
  const command: Command = (...args) => circuit.run(() => settings.command(...args));
  const locks = createRedisLocks(command, clock, disposed.signal);
  // a hash tag keeps an entry, its lock and its lease on one node of a cluster
  const keyAt = (slot: string) => `${prefix}{${slot}}`;
  const lockOf = (entryKey: string) => `${entryKey}:lock`;

  const unseal = (slot: string, answer: unknown): Entry | undefined => {
    if (typeof answer !== "string") return undefined;
    const entry = sealer.open(slot, Buffer.from(answer, "base64"));
    if (typeof entry === "string") {
      onUnreadable(entry);
      return undefined;
    }
    return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
  };
  const read = async (slot: string) => unseal(slot, await command("GET", keyAt(slot)));

  async function* slotsOf(node: Command): AsyncGenerator<string> {
    let cursor = "0";
    do {
      const answer = (await circuit.run(() => node("SCAN", cursor, "MATCH", `${prefix}*`, "COUNT", scanCount))) as [
        unknown,
        unknown[],
      ];
      cursor = String(answer[0]);
      for (const key of answer[1]) {
        const slot = /^\{([0-9a-f]{64})\}$/.exec(String(key).slice(prefix.length))?.[1];
        if (slot !== undefined) yield slot;
      }
    } while (cursor !== "0");
  }

  return {
    get: async (key) => (await read(sealer.slotOf(key)))?.value,
    async set(key, value, expiresOnTimestamp) {
      const lifetimeMs = expiresOnTimestamp === undefined ? undefined : Math.ceil(expiresOnTimestamp - clock.now());
      if (lifetimeMs !== undefined && lifetimeMs <= 0) return void (await command("DEL", keyAt(sealer.slotOf(key))));
      const text = toText(sealer.seal({ key, value, expiresOnTimestamp }));
      await command(
        "SET",
        keyAt(sealer.slotOf(key)),
        text,
        ...(lifetimeMs === undefined ? [] : ["PX", String(lifetimeMs)]),
      );
    },
    async delete(key) {
      const entryKey = keyAt(sealer.slotOf(key));
      await command("DEL", entryKey, lockOf(entryKey)); // without its lock, a process that is changing the entry cannot write it again
      settings.deletions.publish(key);
    },
    onDeleted: settings.deletions.subscribe,
    async update(key, change) {
      const slot = sealer.slotOf(key);
      const entryKey = keyAt(slot);
      const lockKey = lockOf(entryKey);
      await queue(slot, () =>
        locks.withLock(lockKey, async ({ nonce }) => {
          const entry = await read(slot);
          const value = await change(entry?.value);
          const expiresOnTimestamp = entry?.expiresOnTimestamp;
          const text = value === undefined ? "" : toText(sealer.seal({ key, value, expiresOnTimestamp }));
          if ((await command("EVAL", writeLocked, "2", entryKey, lockKey, nonce, text)) === 1) return;
          throw outcomeError("failed", "The lock of a stored entry was lost to another process.", {
            code: "store-busy",
          });
        }),
      );
    },
    async *list() {
      const seen = new Set<string>(); // SCAN may return a key twice
      for (const node of await settings.nodes()) {
        for await (const slot of slotsOf(node)) {
          const entry = seen.has(slot) ? undefined : await read(slot);
          seen.add(slot);
          if (entry !== undefined) yield { key: entry.key, expiresOnTimestamp: entry.expiresOnTimestamp };
        }
      }
    },
    async lease(key, ms) {
      const lock = await locks.tryTake(`${keyAt(sealer.slotOf(key))}:lease`, ms);
      return lock && { [Symbol.asyncDispose]: lock.release };
    },
    async [Symbol.asyncDispose]() {
      disposed.abort(outcomeError("cancelled", "The token store was closed."));
      circuit.close();
      settings.deletions.close();
      await settings.onDispose();
    },
  };
}
