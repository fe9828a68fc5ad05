import { link, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { type Clock, outcomeError } from "@azidentity/core/plugin";
import { isGone, type ProcessName, thisProcess } from "./process.ts";

/** Milliseconds. A lock is held for moments; `hold` is for owners on other machines, of whom nobody can tell whether they live. */
const times = { hold: 60_000, patience: 10_000, firstPause: 1, longestPause: 50, unfinished: 10_000 };

interface Holder extends Omit<ProcessName, "start"> {
  readonly start?: string;
  readonly nonce: string;
  /** Milliseconds since 1970, after which the lock may be taken whoever holds it. */
  readonly until: number;
}

export interface Lock {
  /** Rejects when somebody else has the lock by now, because we held it too long. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

export interface Locks {
  /** The lock, or `undefined` when somebody has it. `ms`: after which others may take it although we live. */
  tryTake(path: string, ms?: number): Promise<Lock | undefined>;
  /** Runs `work` with the lock; waits as long as it changes hands, and gives up on an owner who keeps it for ten seconds. */
  hold<T>(path: string, work: (lock: Lock) => Promise<T>): Promise<T>;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
const ifThere = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
};

/** Who holds a lock; `undefined`: nobody. A file that holds nothing was being written when the power failed. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, "utf8");
    try {
      return JSON.parse(text);
    } catch {
      const { mtimeMs } = await stat(path);
      return { pid: 0, machine: "", nonce: "unfinished", until: mtimeMs + times.unfinished };
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Locks as files that say whose they are. Such a file appears whole (it is linked, not written), and one whose owner is dead is taken over.
 * Removing it takes the lock of its nonce, so that of two who find a dead owner the slower cannot remove the lock of the faster.
 */
export function createLocks(clock: Clock, signal: AbortSignal): Locks {
  const self = thisProcess();
  const newNonce = () => process.getBuiltinModule("node:crypto").randomBytes(8).toString("hex");

  const mayBeTaken = (holder: Holder) => {
    const now = clock.now();
    const setBack = holder.until > now + 1_440 * times.hold; // nobody locks for a day: a clock was set back
    return holder.until <= now || setBack || isGone({ ...holder, start: holder.start }, self.machine);
  };

  const lockOf = (path: string, { nonce, until }: Holder): Lock => {
    const isOurs = async () => clock.now() < until && (await readHolder(path))?.nonce === nonce;
    return {
      async confirm() {
        if (await isOurs()) return;
        throw outcomeError("failed", "The lock of a stored entry was lost to another process.", { code: "store-busy" });
      },
      async release() {
        if (await isOurs()) await ifThere(unlink(path));
      },
    };
  };

  const removeDead = async (path: string, dead: Holder): Promise<void> => {
    const right = await tryTake(`${path}.${dead.nonce}`, times.hold);
    if (right === undefined) return;
    try {
      if ((await readHolder(path))?.nonce === dead.nonce) await ifThere(unlink(path));
    } finally {
      await right.release();
    }
  };

  const tryTake = async (path: string, ms: number = times.hold): Promise<Lock | undefined> => {
    const found = await readHolder(path);
    if (found !== undefined && !mayBeTaken(found)) return undefined;
    if (found !== undefined) await removeDead(path, found);
    const nonce = newNonce();
    const holder: Holder = { ...self, nonce, until: clock.now() + ms };
    const written = `${path}.${nonce}.tmp`;
    await writeFile(written, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
    try {
      await link(written, path);
      return lockOf(path, holder);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return undefined;
      throw error;
    } finally {
      await ifThere(unlink(written));
    }
  };

  const take = async (path: string): Promise<Lock> => {
    let owner: string | undefined;
    let since = clock.monotonic();
    for (let pause = times.firstPause; ; pause = Math.min(pause * 2, times.longestPause)) {
      const lock = await tryTake(path);
      if (lock !== undefined) return lock;
      const current = (await readHolder(path))?.nonce;
      if (current !== owner) since = clock.monotonic();
      owner = current;
      if (clock.monotonic() - since > times.patience) {
        throw outcomeError("timeout", "Another process keeps a stored entry locked.", { code: "store-busy" });
      }
      await clock.sleep(pause * (0.5 + Math.random()), signal);
    }
  };

  return {
    tryTake,
    async hold(path, work) {
      const lock = await take(path);
      try {
        return await work(lock);
      } finally {
        await lock.release();
      }
    },
  };
}
