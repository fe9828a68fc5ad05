import { type Clock, outcomeError, type TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createTurns } from "../turns.ts";
import type { Circuit } from "./circuit.ts";
import type { Command } from "./command.ts";
import type { Deletions } from "./deletions.ts";
import { createRedisLocks } from "./lock.ts";

export interface RedisStoreSettings {
  readonly command: Command;
  /** Each node that holds keys of its own, for `list`. */
  readonly nodes: () => Promise<readonly Command[]>;
  readonly deletions: Deletions;
  readonly circuit: Circuit;
  readonly sealer: Sealer;
  /** What all keys of this cache begin with. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly onUnreadable: (reason: string) => void;
  readonly onDispose: () => Promise<void>;
}

/** Writes (or deletes, for an empty value) while the lock is ours; keeps the expiry that the entry has. */
const writeLocked = `
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('del', KEYS[1]) else
local ttl = redis.call('pttl', KEYS[1])
redis.call('set', KEYS[1], ARGV[2])
if ttl > 0 then redis.call('pexpire', KEYS[1], ttl) end
end
return 1`;

const batch = "200";
const toText = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** One sealed value per entry, gone by itself when the entry expires. Redis sees neither keys nor values in the clear. */
export function createRedisStore(settings: RedisStoreSettings): TokenStore {
  const { circuit, sealer, prefix, clock, onUnreadable } = settings;
  const disposed = new AbortController();
  const turns = createTurns();
  const command: Command = (...args) => circuit.run(() => settings.command(...args));
  const locks = createRedisLocks(command, clock, disposed.signal);
  // the braces keep an entry, its lock and its lease on one node of a cluster
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
      const answer = (await circuit.run(() => node("SCAN", cursor, "MATCH", `${prefix}*`, "COUNT", batch))) as [
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
      const life = expiresOnTimestamp === undefined ? undefined : Math.ceil(expiresOnTimestamp - clock.now());
      if (life !== undefined && life <= 0) return void (await command("DEL", keyAt(sealer.slotOf(key))));
      const text = toText(sealer.seal({ key, value, expiresOnTimestamp }));
      await command("SET", keyAt(sealer.slotOf(key)), text, ...(life === undefined ? [] : ["PX", String(life)]));
    },
    async delete(key) {
      const entryKey = keyAt(sealer.slotOf(key));
      await command("DEL", entryKey, lockOf(entryKey)); // whoever is changing it loses the lock, so that it stays deleted
      settings.deletions.tell(key);
    },
    onDeleted: settings.deletions.hear,
    async update(key, change) {
      const slot = sealer.slotOf(key);
      const entryKey = keyAt(slot);
      const lockKey = lockOf(entryKey);
      await turns(slot, () =>
        locks.hold(lockKey, async ({ nonce }) => {
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
      const seen = new Set<string>(); // a key can be scanned twice
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
      settings.deletions.end();
      await settings.onDispose();
    },
  };
}
