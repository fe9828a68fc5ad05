import type { Clock } from "@azidentity/core/plugin";
import { entryLocked } from "../store-errors.ts";
import type { Command } from "./command.ts";

/** A lock expires after this time if its owner ends; a running owner renews it. */
const expiryMs = 10_000;
const renewalMs = 3_000;
/** How long to wait for a lock. */
const waitTimeoutMs = 15_000;
const minPauseMs = 2;
const maxPauseMs = 100;

/** Deletes or prolongs a key only while it has the value of this lock. */
const scripts = {
  release: "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0",
  renew: "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0",
};

export interface RedisLock {
  /** Value of the lock's key, which a script compares before it writes. */
  readonly nonce: string;
  release(): Promise<void>;
}

export interface RedisLocks {
  tryTake(key: string, ms: number): Promise<RedisLock | undefined>;
  /** Runs `work` with the lock, which is renewed meanwhile. */
  withLock<T>(key: string, work: (lock: RedisLock) => Promise<T>): Promise<T>;
}

/** Renews a lock until the signal ends. */
async function renewUntil(ended: AbortSignal, clock: Clock, renew: () => Promise<unknown>): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(renewalMs, ended);
      await renew();
    }
  } catch {
    // the work has ended, or Redis fails, which the script that writes will notice
  }
}

export function createRedisLocks(command: Command, clock: Clock, disposed: AbortSignal): RedisLocks {
  const tryTake = async (key: string, ms: number): Promise<RedisLock | undefined> => {
    const nonce = process.getBuiltinModule("node:crypto").randomBytes(12).toString("base64url");
    if ((await command("SET", key, nonce, "NX", "PX", String(Math.ceil(ms)))) === null) return undefined;
    return { nonce, release: async () => void (await command("EVAL", scripts.release, "1", key, nonce)) };
  };

  const waitForLock = async (key: string): Promise<RedisLock> => {
    const untilMono = clock.monotonic() + waitTimeoutMs;
    for (let pauseMs = minPauseMs; clock.monotonic() < untilMono; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      const lock = await tryTake(key, expiryMs);
      if (lock !== undefined) return lock;
      await clock.sleep(pauseMs * (0.5 + Math.random()), disposed);
    }
    throw entryLocked();
  };

  return {
    tryTake,
    async withLock(key, work) {
      const lock = await waitForLock(key);
      const ended = new AbortController();
      const renew = () => command("EVAL", scripts.renew, "1", key, lock.nonce, String(expiryMs));
      void renewUntil(AbortSignal.any([ended.signal, disposed]), clock, renew);
      try {
        return await work(lock);
      } finally {
        ended.abort();
        await lock.release().catch(() => undefined); // it expires
      }
    },
  };
}
