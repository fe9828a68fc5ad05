import { rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Clock, TokenStore } from "@azidentity/core/plugin";
import type { Entry, Sealer } from "../seal/sealer.ts";
import { createTurns } from "../turns.ts";
import { createAsides } from "./aside.ts";
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
 * One sealed file per entry; one that another key sealed is put aside, not replaced. Readers take no lock, because a file is replaced whole; writers of the same entry go one after another, through
 * all processes.
 */
export function createFileStore(settings: FileStoreSettings): TokenStore {
  const { directory, sealer, locks, clock, onUnreadable } = settings;
  const { join } = process.getBuiltinModule("node:path");
  const turns = createTurns();
  const asides = createAsides(sealer);
  let sweeping: Promise<void> | undefined;
  let sweepAt = 0; // monotonic milliseconds
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
        ? (asides
            .ours(path)
            .map((aside) => openAt(slot, aside))
            .find((one) => typeof one === "object") ?? found)
        : found;
    if (typeof entry === "string") onUnreadable(entry);
    if (entry === undefined || typeof entry === "string") return undefined;
    return entry.expiresOnTimestamp !== undefined && entry.expiresOnTimestamp <= clock.now() ? undefined : entry;
  };
  const write = async (path: string, entry: Entry): Promise<void> => {
    asides.makeRoom(path);
    await replaceFile(path, sealer.seal(entry));
    asides.removeOurs(path);
  };
  const remove = (path: string): void => {
    if (!asides.isOfOthers(path)) rmSync(path, { force: true });
    asides.removeOurs(path);
  };
  const alone = (path: string, work: Parameters<Locks["hold"]>[1]) =>
    turns(path, () => locks.hold(`${path}.lock`, work));

  const set = async (key: string, value: Uint8Array, expiresOnTimestamp?: number): Promise<void> => {
    const path = pathOf(key);
    await alone(path, () => write(path, { key, value, expiresOnTimestamp }));
    if (sweeping !== undefined && clock.monotonic() < sweepAt) return;
    sweepAt = clock.monotonic() + round.every;
    sweeping = sweep(directory, clock.now(), () => closed).catch(() => undefined);
  };

  return {
    scope: "user",
    get: async (key) => read(sealer.slotOf(key))?.value,
    set,
    async delete(key) {
      const path = pathOf(key);
      await alone(path, async () => remove(path));
    },
    async update(key, change) {
      const path = pathOf(key);
      await alone(path, async (lock) => {
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
