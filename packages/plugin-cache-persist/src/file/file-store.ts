import { rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Clock, TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { readOwnFile, replaceFile } from "./entry-file.ts";
import type { Locks } from "./lock.ts";
import { createMovedEntries } from "./moved-entries.ts";
import { entryName, sweep, sweepIntervalMs } from "./sweep.ts";

export interface FileStoreSettings {
  /** Exists, and only this user can access it. */
  readonly directory: string;
  readonly sealer: Sealer;
  readonly locks: Locks;
  readonly clock: Clock;
  /** Called with the reason for which an existing entry cannot be served. */
  readonly onUnreadable: (reason: string) => void;
  readonly onDispose: () => void;
}

/**
 * Stores one sealed file per entry. An entry that another key sealed is moved, not replaced. Readers
 * take no lock, because files are replaced atomically; writers of the same entry run one after
 * another, across processes.
 */
export function createFileStore(settings: FileStoreSettings): TokenStore {
  const { directory, sealer, locks, clock, onUnreadable } = settings;
  const { join } = process.getBuiltinModule("node:path");
  const queue = createSerialQueue();
  const moved = createMovedEntries(sealer);
  let sweeping: Promise<void> | undefined;
  let sweepAtMono = 0;
  let closed = false;

  const pathOf = (key: string) => join(directory, sealer.slotOf(key));

  const openAt = (slot: string, path: string): Entry | string | undefined => {
    const bytes = readOwnFile(path);
    if (bytes === undefined || typeof bytes === "string") return bytes;
    return sealer.open(slot, bytes);
  };
  const read = (slot: string): Entry | undefined => {
    const path = join(directory, slot);
    const found = openAt(slot, path);
    const entry =
      found === undefined || found === "sealed with another key"
        ? (moved
            .pathsOf(path)
            .map((movedPath) => openAt(slot, movedPath))
            .find((one) => typeof one === "object") ?? found)
        : found;
    if (typeof entry === "string") onUnreadable(entry);
    if (entry === undefined || typeof entry === "string") return undefined;
    return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
  };
  const write = async (path: string, entry: Entry): Promise<void> => {
    moved.moveAway(path);
    await replaceFile(path, sealer.seal(entry));
    moved.remove(path);
  };
  const remove = (path: string): void => {
    if (!moved.isSealedByOther(path)) rmSync(path, { force: true });
    moved.remove(path);
  };
  const exclusively = (path: string, work: Parameters<Locks["withLock"]>[1]) =>
    queue(path, () => locks.withLock(`${path}.lock`, work));

  const set = async (key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void> => {
    const path = pathOf(key);
    await exclusively(path, () => write(path, { key, value, expiresOnTimestamp }));
    if (sweeping !== undefined && clock.monotonic() < sweepAtMono) return;
    sweepAtMono = clock.monotonic() + sweepIntervalMs;
    sweeping = sweep(directory, clock.now(), () => closed).catch(() => undefined);
  };

  return {
    scope: "user",
    get: async (key) => read(sealer.slotOf(key))?.value,
    set,
    async delete(key) {
      const path = pathOf(key);
      await exclusively(path, async () => remove(path));
    },
    async update(key, change) {
      const path = pathOf(key);
      await exclusively(path, async (lock) => {
        const entry = read(sealer.slotOf(key));
        const value = await change(entry?.value);
        await lock.confirm();
        if (value === undefined) return remove(path);
        await write(path, { key, value, expiresOnTimestamp: entry?.expiresOnTimestamp });
      });
    },
    async *list() {
      const slots = (await readdir(directory)).filter((name) => entryName.test(name)).map((name) => name.slice(0, 64));
      for (const slot of new Set(slots)) {
        const entry = read(slot);
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
