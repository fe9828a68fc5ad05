import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import type { Clock } from "@azidentity/core/plugin";
import { entryLocked, lockLost } from "../store-errors.ts";
import { currentProcess, hasEnded, type ProcessIdentity } from "./process-identity.ts";

/**
 * Age after which a lock may be taken although its owner may be alive: it may run on another
 * machine.
 */
const maxHoldMs = 60_000;
/**
 * For this long after taking a lock, its owner need not check it: clocks of machines differ by
 * less.
 */
const certainMs = 5_000;
/** How long to wait for a lock while it has the same owner. */
const waitTimeoutMs = 10_000;
/**
 * How often a waiting process checks whether the owner is alive. In between it only compares the
 * file's date, which costs the owner nothing.
 */
const ownerCheckMs = 250;
const minPauseMs = 1;
const maxPauseMs = 100;
/**
 * Age after which a lock file without valid contents may be taken: it was being written when the
 * power failed.
 */
const maxInvalidMs = 10_000;
/** No lock ends later than this; a later end means that a clock was set back. */
const maxFutureMs = 1_440 * maxHoldMs;

interface Owner extends Omit<ProcessIdentity, "start"> {
  readonly start?: string;
  readonly nonce: string;
  /** Milliseconds since 1970, after which any process may take the lock. */
  readonly until: number;
}

export interface Lock {
  /** Rejects if another process may have taken the lock, because this one held it too long. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

export interface Locks {
  /**
   * `undefined`: another process has the lock. `ms`: after that others may take it although its
   * owner is alive.
   */
  tryTake(path: string, ms?: number): Promise<Lock | undefined>;
  /**
   * Runs `work` with the lock. Waits while the lock changes hands; rejects if one owner keeps it
   * for ten seconds.
   */
  withLock<T>(path: string, work: (lock: Lock) => Promise<T>): Promise<T>;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
function unlinkIfExists(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function parseOwner(text: string): Owner {
  const owner = JSON.parse(text) as Partial<Owner> | null;
  if (typeof owner?.until === "number" && /^[\w-]{1,32}$/.test(String(owner.nonce))) return owner as Owner;
  throw new Error("not a lock file");
}

/** The owner of a lock; `undefined`: it is free. */
function readOwner(path: string): Owner | undefined {
  try {
    const text = readFileSync(path, "utf8");
    try {
      return parseOwner(text);
    } catch {
      const { mtimeMs } = statSync(path);
      return { pid: 0, machine: "", nonce: "invalid", until: mtimeMs + maxInvalidMs };
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Distinguishes one lock file from the next at the same path without reading it; `undefined`: there
 * is none.
 */
function fileIdentity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.ctimeMs}`;
}

interface LockSettings {
  readonly clock: Clock;
  readonly self: ProcessIdentity;
  /** Ends waits for a lock. */
  readonly signal: AbortSignal;
}

function isStale({ clock, self }: LockSettings, owner: Owner): boolean {
  const now = clock.now();
  const wasSetBack = owner.until > now + maxFutureMs;
  return owner.until <= now || wasSetBack || hasEnded({ ...owner, start: owner.start }, self.machine);
}

function lockOf({ clock }: LockSettings, path: string, { nonce, until }: Owner): Lock {
  const takenMono = clock.monotonic();
  const isOurs = () =>
    clock.now() < until && (clock.monotonic() - takenMono < certainMs || readOwner(path)?.nonce === nonce);
  return {
    async confirm() {
      if (isOurs()) return;
      throw lockLost();
    },
    async release() {
      if (isOurs()) unlinkIfExists(path);
    },
  };
}

async function removeStale(settings: LockSettings, path: string, stale: Owner): Promise<void> {
  const removal = await tryTake(settings, `${path}.${stale.nonce}`, maxHoldMs);
  if (removal === undefined) return;
  try {
    if (readOwner(path)?.nonce === stale.nonce) unlinkIfExists(path);
  } finally {
    await removal.release();
  }
}

async function tryTake(settings: LockSettings, path: string, ms: number): Promise<Lock | undefined> {
  const { clock, self } = settings;
  const existing = readOwner(path);
  if (existing !== undefined && !isStale(settings, existing)) return undefined;
  if (existing !== undefined) await removeStale(settings, path, existing);
  const nonce = process.getBuiltinModule("node:crypto").randomBytes(8).toString("hex");
  const owner: Owner = { ...self, nonce, until: clock.now() + ms };
  const temporary = `${path}.${nonce}.tmp`;
  writeFileSync(temporary, JSON.stringify(owner), { flag: "wx", mode: 0o600 });
  try {
    linkSync(temporary, path);
    return lockOf(settings, path, owner);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  } finally {
    unlinkIfExists(temporary);
  }
}

async function waitForLock(settings: LockSettings, path: string): Promise<Lock> {
  const { clock, signal } = settings;
  let file = fileIdentity(path);
  let sinceMono = clock.monotonic();
  let checkAtMono = sinceMono; // at once for the first owner, which may have ended long ago
  for (let pauseMs = minPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    const now = clock.monotonic();
    if (file === undefined || now >= checkAtMono) {
      const lock = await tryTake(settings, path, maxHoldMs);
      if (lock !== undefined) return lock;
      checkAtMono = now + ownerCheckMs;
    }
    if (now - sinceMono > waitTimeoutMs) {
      throw entryLocked();
    }
    await clock.sleep(pauseMs * (0.5 + Math.random()), signal);
    const next = fileIdentity(path);
    if (next === file) continue;
    file = next;
    sinceMono = clock.monotonic();
    checkAtMono = sinceMono + ownerCheckMs;
  }
}

/**
 * Locks as files that name their owner. A lock file appears with its contents (it is linked, not
 * written). Removing that of a dead owner requires a lock of its nonce, so that of two processes
 * that find it, the slower one cannot remove the lock of the faster one.
 *
 * File operations are synchronous: they take tens of microseconds, whereas a process on a busy
 * machine could wait for the thread pool while it has the lock.
 */
export function createLocks(clock: Clock, signal: AbortSignal): Locks {
  const settings: LockSettings = { clock, self: currentProcess(), signal };
  return {
    tryTake: (path, ms = maxHoldMs) => tryTake(settings, path, ms),
    async withLock(path, work) {
      const lock = await waitForLock(settings, path);
      try {
        return await work(lock);
      } finally {
        await lock.release();
      }
    },
  };
}
