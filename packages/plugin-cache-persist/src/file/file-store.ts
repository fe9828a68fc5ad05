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
 * The files of the entries, without locks. An entry that another key sealed is moved, not replaced.
 */
function createEntryFiles({ directory, sealer, clock, onUnreadable }: FileStoreSettings) {
  const { join } = process.getBuiltinModule("node:path");
  const moved = createMovedEntries(sealer);
  const openAt = (slot: string, path: string): Entry | string | undefined => {
    const bytes = readOwnFile(path);
    if (bytes === undefined || typeof bytes === "string") return bytes;
    return sealer.open(slot, bytes);
  };
  /** The entry, or the reason for which it cannot be served. */
  const find = (slot: string): Entry | string | undefined => {
    const path = join(directory, slot);
    const found = openAt(slot, path);
    if (found !== undefined && found !== "sealed with another key") return found;
    const elsewhere = moved.pathsOf(path).map((movedPath) => openAt(slot, movedPath));
    return elsewhere.find((one) => typeof one === "object") ?? found;
  };
  return {
    pathOf: (key: string) => join(directory, sealer.slotOf(key)),
    read(slot: string): Entry | undefined {
      const entry = find(slot);
      if (typeof entry === "string") onUnreadable(entry);
      if (entry === undefined || typeof entry === "string") return undefined;
      return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
    },
    async write(path: string, entry: Entry): Promise<void> {
      moved.moveAway(path);
      await replaceFile(path, sealer.seal(entry));
      moved.remove(path);
    },
    remove(path: string): void {
      if (!moved.isSealedByOther(path)) rmSync(path, { force: true });
      moved.remove(path);
    },
  };
}

async function* listEntries(directory: string, read: (slot: string) => Entry | undefined) {
  const slots = (await readdir(directory)).filter((name) => entryName.test(name)).map((name) => name.slice(0, 64));
  for (const slot of new Set(slots)) {
    const entry = read(slot);
    if (entry !== undefined) yield { key: entry.key, expiresOnTimestamp: entry.expiresOnTimestamp };
  }
}

/** Sweeps the folder in the background, now and then after a write. */
function createSweeper({ directory, clock }: FileStoreSettings) {
  let sweeping: Promise<void> | undefined;
  let sweepAtMono = 0;
  let closed = false;
  return {
    afterWrite(): void {
      if (sweeping !== undefined && clock.monotonic() < sweepAtMono) return;
      sweepAtMono = clock.monotonic() + sweepIntervalMs;
      sweeping = sweep(directory, clock.now(), () => closed).catch(() => undefined);
    },
    async close(): Promise<void> {
      closed = true;
      await sweeping;
    },
  };
}

/**
 * Stores one sealed file per entry. Readers take no lock, because files are replaced atomically;
 * writers of the same entry run one after another, across processes.
 */
export function createFileStore(settings: FileStoreSettings): TokenStore {
  const { sealer, locks } = settings;
  const queue = createSerialQueue();
  const files = createEntryFiles(settings);
  const sweeper = createSweeper(settings);
  const exclusively = (path: string, work: Parameters<Locks["withLock"]>[1]) =>
    queue(path, () => locks.withLock(`${path}.lock`, work));

  return {
    scope: "user",
    get: async (key) => files.read(sealer.slotOf(key))?.value,
    async set(key, value, expiresOnTimestamp) {
      const path = files.pathOf(key);
      await exclusively(path, () => files.write(path, { key, value, expiresOnTimestamp }));
      sweeper.afterWrite();
    },
    async delete(key) {
      await exclusively(files.pathOf(key), async () => files.remove(files.pathOf(key)));
    },
    async update(key, change) {
      const path = files.pathOf(key);
      await exclusively(path, async (lock) => {
        const entry = files.read(sealer.slotOf(key));
        const value = await change(entry?.value);
        await lock.confirm();
        if (value === undefined) return files.remove(path);
        await files.write(path, { key, value, expiresOnTimestamp: entry?.expiresOnTimestamp });
      });
    },
    list: () => listEntries(settings.directory, files.read),
    async lease(key, ms) {
      const lock = await locks.tryTake(`${files.pathOf(key)}.lease`, ms);
      return lock && { [Symbol.asyncDispose]: lock.release };
    },
    async [Symbol.asyncDispose]() {
      settings.onDispose();
      await sweeper.close();
    },
  };
}
