import { rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Clock, TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createTurns } from "../turns.ts";
import { readOwnFile, replaceFile } from "./entry-file.ts";
import type { Locks } from "./lock.ts";
import { entryName, round, sweep } from "./sweep.ts";

export interface FileStoreSettings {
  /** Exists, and is ours alone. */
  readonly directory: string;
  readonly sealer: Sealer;
  readonly locks: Locks;
  readonly clock: Clock;
  /** Told why an entry that is there is not served. */
  readonly onUnreadable: (reason: string) => void;
  readonly onDispose: () => void;
}

/**
 * One sealed file per entry. Readers take no lock, because a file is replaced whole; writers of the same entry go one after another, through
 * all processes.
 */
export function createFileStore(settings: FileStoreSettings): TokenStore {
  const { directory, sealer, locks, clock, onUnreadable } = settings;
  const { join } = process.getBuiltinModule("node:path");
  const turns = createTurns();
  let sweeping: Promise<void> | undefined;
  let sweepAt = 0; // monotonic milliseconds
  let closed = false;

  const pathOf = (key: string) => join(directory, sealer.slotOf(key));

  const read = (slot: string): Entry | undefined => {
    const bytes = readOwnFile(join(directory, slot));
    if (bytes === undefined) return undefined;
    const entry = typeof bytes === "string" ? bytes : sealer.open(slot, bytes);
    if (typeof entry === "string") {
      onUnreadable(entry);
      return undefined;
    }
    return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
  };
  const alone = (path: string, work: Parameters<Locks["hold"]>[1]) =>
    turns(path, () => locks.hold(`${path}.lock`, work));

  const set = async (key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void> => {
    const path = pathOf(key);
    await alone(path, () => replaceFile(path, sealer.seal({ key, value, expiresOnTimestamp })));
    if (sweeping !== undefined && clock.monotonic() < sweepAt) return;
    sweepAt = clock.monotonic() + round.every;
    sweeping = sweep(directory, clock.now(), () => closed).catch(() => undefined);
  };

  return {
    get: async (key) => read(sealer.slotOf(key))?.value,
    set,
    async delete(key) {
      const path = pathOf(key);
      await alone(path, async () => rmSync(path, { force: true }));
    },
    async update(key, change) {
      const path = pathOf(key);
      await alone(path, async (lock) => {
        const entry = read(sealer.slotOf(key));
        const value = await change(entry?.value);
        await lock.confirm();
        if (value === undefined) return rmSync(path, { force: true });
        await replaceFile(path, sealer.seal({ key, value, expiresOnTimestamp: entry?.expiresOnTimestamp }));
      });
    },
    async *list() {
      for (const slot of await readdir(directory)) {
        const entry = entryName.test(slot) ? read(slot) : undefined;
        if (entry !== undefined) yield { key: entry.key, expiresOnTimestamp: entry.expiresOnTimestamp };
      }
    },
    async lease(key, ms) {
      const lock = await locks.tryTake(`${pathOf(key)}.lease`, ms);
      return lock && { [Symbol.asyncDispose]: lock.release };
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      settings.onDispose();
      await sweeping;
    },
  };
}
