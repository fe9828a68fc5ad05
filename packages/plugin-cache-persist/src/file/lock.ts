import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { type Clock, outcomeError } from "@azidentity/core/plugin";
import { isGone, type ProcessName, thisProcess } from "./process.ts";

/**
 * Milliseconds. A lock is held for moments. `hold` is for owners on other machines, of whom nobody can tell whether they live; within
 * `surely` of taking it, no clock that is a little off lets anybody take it away. Whether an owner lives is judged when it has had the lock
 * for `judge`: a look at the file's date is all that those who wait cost its owner.
 */
const times = {
  hold: 60_000,
  surely: 5_000,
  patience: 10_000,
  judge: 250,
  firstPause: 1,
  longestPause: 100,
  unfinished: 10_000,
};

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
function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function parseHolder(text: string): Holder {
  const holder = JSON.parse(text) as Partial<Holder> | null;
  if (typeof holder?.until === "number" && /^[\w-]{1,32}$/.test(String(holder.nonce))) return holder as Holder;
  throw new Error("nobody's");
}

/** Who holds a lock; `undefined`: nobody. A file that holds nothing was being written when the power failed. */
function readHolder(path: string): Holder | undefined {
  try {
    const text = readFileSync(path, "utf8");
    try {
      return parseHolder(text);
    } catch {
      const { mtimeMs } = statSync(path);
      return { pid: 0, machine: "", nonce: "unfinished", until: mtimeMs + times.unfinished };
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Tells one file at a path from the next, without reading it; `undefined`: there is none. */
function whichFile(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.ctimeMs}`;
}

/**
 * Locks as files that say whose they are. Everything is done at once, not through the thread pool: that takes tens of microseconds, and a
 * process that has to wait for its turn on a busy machine does not do so with the lock in its hands.
 * Such a file appears whole (it is linked, not written), and one whose owner is dead is taken over.
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
    const taken = clock.monotonic();
    const isOurs = () =>
      clock.now() < until && (clock.monotonic() - taken < times.surely || readHolder(path)?.nonce === nonce);
    return {
      async confirm() {
        if (isOurs()) return;
        throw outcomeError("failed", "The lock of a stored entry was lost to another process.", { code: "store-busy" });
      },
      async release() {
        if (isOurs()) unlinkIfThere(path);
      },
    };
  };

  const removeDead = async (path: string, dead: Holder): Promise<void> => {
    const right = await tryTake(`${path}.${dead.nonce}`, times.hold);
    if (right === undefined) return;
    try {
      if (readHolder(path)?.nonce === dead.nonce) unlinkIfThere(path);
    } finally {
      await right.release();
    }
  };

  const tryTake = async (path: string, ms: number = times.hold): Promise<Lock | undefined> => {
    const found = readHolder(path);
    if (found !== undefined && !mayBeTaken(found)) return undefined;
    if (found !== undefined) await removeDead(path, found);
    const nonce = newNonce();
    const holder: Holder = { ...self, nonce, until: clock.now() + ms };
    const written = `${path}.${nonce}.tmp`;
    writeFileSync(written, JSON.stringify(holder), { flag: "wx", mode: 0o600 });
    try {
      linkSync(written, path);
      return lockOf(path, holder);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return undefined;
      throw error;
    } finally {
      unlinkIfThere(written);
    }
  };

  const take = async (path: string): Promise<Lock> => {
    let there = whichFile(path);
    let since = clock.monotonic();
    let judgeAt = since; // the first owner at once: it may be long dead
    for (let pause = times.firstPause; ; pause = Math.min(pause * 2, times.longestPause)) {
      const now = clock.monotonic();
      if (there === undefined || now >= judgeAt) {
        const lock = await tryTake(path);
        if (lock !== undefined) return lock;
        judgeAt = now + times.judge;
      }
      if (now - since > times.patience) {
        throw outcomeError("timeout", "Another process keeps a stored entry locked.", { code: "store-busy" });
      }
      await clock.sleep(pause * (0.5 + Math.random()), signal);
      const next = whichFile(path);
      if (next === there) continue;
      there = next;
      since = clock.monotonic();
      judgeAt = since + times.judge;
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
