import { type Clock, outcomeError } from "@azidentity/core/plugin";
import type { Command } from "./command.ts";

/** Milliseconds. A lock ends by itself when its owner dies; a living owner prolongs it. */
const times = { hold: 10_000, prolong: 3_000, patience: 15_000, firstPause: 2, longestPause: 100 };

/** Removes or prolongs a key only while it has our value. */
const scripts = {
  release: "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0",
  prolong: "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0",
};

export interface RedisLock {
  /** Its value: a script that writes under the lock compares it. */
  readonly nonce: string;
  release(): Promise<void>;
}

export interface RedisLocks {
  tryTake(key: string, ms: number): Promise<RedisLock | undefined>;
  /** Runs `work` with the lock, which is prolonged while it runs. */
  hold<T>(key: string, work: (lock: RedisLock) => Promise<T>): Promise<T>;
}

export function createRedisLocks(command: Command, clock: Clock, disposed: AbortSignal): RedisLocks {
  const tryTake = async (key: string, ms: number): Promise<RedisLock | undefined> => {
    const nonce = process.getBuiltinModule("node:crypto").randomBytes(12).toString("base64url");
    if ((await command("SET", key, nonce, "NX", "PX", String(Math.ceil(ms)))) === null) return undefined;
    return { nonce, release: async () => void (await command("EVAL", scripts.release, "1", key, nonce)) };
  };

  const take = async (key: string): Promise<RedisLock> => {
    const until = clock.monotonic() + times.patience;
    for (let pause = times.firstPause; clock.monotonic() < until; pause = Math.min(pause * 2, times.longestPause)) {
      const lock = await tryTake(key, times.hold);
      if (lock !== undefined) return lock;
      await clock.sleep(pause * (0.5 + Math.random()), disposed);
    }
    throw outcomeError("timeout", "Another process keeps a stored entry locked.", { code: "store-busy" });
  };

  const prolongWhile = async (key: string, { nonce }: RedisLock, ended: AbortSignal): Promise<void> => {
    try {
      for (;;) {
        await clock.sleep(times.prolong, ended);
        await command("EVAL", scripts.prolong, "1", key, nonce, String(times.hold));
      }
    } catch {
      // the work has ended, or Redis has; whoever writes finds out
    }
  };

  return {
    tryTake,
    async hold(key, work) {
      const lock = await take(key);
      const ended = new AbortController();
      void prolongWhile(key, lock, AbortSignal.any([ended.signal, disposed]));
      try {
        return await work(lock);
      } finally {
        ended.abort();
        await lock.release().catch(() => undefined); // it ends by itself
      }
    },
  };
}
