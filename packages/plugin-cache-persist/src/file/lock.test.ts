import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock, type FakeClock } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { createLocks } from "./lock.ts";
import { currentProcess } from "./process-identity.ts";

/** A process id beyond the maximum of the system. */
const unusedPid = 2 ** 22 + 7;

function setUp() {
  const clock = createFakeClock(Date.now());
  const controller = new AbortController();
  const folder = tempFolder();
  const path = join(folder, "entry.lock");
  const locks = createLocks(clock, controller.signal);
  /** Puts a lock of another process in place. */
  const plant = (owner: object) => {
    writeFileSync(`${path}.planted`, JSON.stringify(owner));
    renameSync(`${path}.planted`, path);
  };
  const foreign = { ...currentProcess(), nonce: "theirs", until: clock.now() + 60_000 };
  return { clock, controller, folder, path, locks, plant, foreign };
}

/** Advances the clock while `waiting` looks at files, which takes real time. */
async function advance(clock: FakeClock, ms: number, waiting: Promise<unknown>): Promise<void> {
  let ended = false;
  waiting.finally(() => {
    ended = true;
  });
  for (const until = clock.monotonic() + ms; clock.monotonic() < until && !ended; ) {
    if (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    else await clock.advance(Math.min(ms, 500));
  }
}

describe("a lock", () => {
  it("a lock has one owner at a time, and releasing it leaves no file", async () => {
    const { locks, path, folder } = setUp();
    const lock = await locks.tryTake(path);
    expect(await locks.tryTake(path)).toBeUndefined();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    await lock?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a lock is released when the work fails", async () => {
    const { locks, path } = setUp();
    await expect(locks.withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });

  it.each(["null", "{}", '{"until":"never"}'])(
    "a lock file with the contents %s is taken after ten seconds",
    async (text) => {
      const { clock, locks, path } = setUp();
      writeFileSync(path, text);
      expect(await locks.tryTake(path)).toBeUndefined();
      await clock.advance(11_000);
      expect(await locks.tryTake(path)).toBeDefined();
    },
  );

  it("a process waits while the owner of a lock runs, and then takes the lock", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.withLock(path, async () => "done");
    await advance(clock, 3_000, waiting);
    rmSync(path);
    await advance(clock, 1_000, waiting);
    expect(await waiting).toBe("done");
  });

  it("a process stops waiting when one owner keeps a lock for ten seconds", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.withLock(path, async () => "done").catch((error) => error);
    await advance(clock, 11_000, waiting);
    expect(await waiting).toMatchObject({ code: "store-busy" });
    expect(existsSync(path)).toBe(true);
  });

  it("a process waits longer while a lock changes hands", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    let ended = false;
    plant(foreign);
    const waiting = locks
      .withLock(path, async () => "done")
      .finally(() => {
        ended = true;
      });
    for (let turn = 0; turn < 4; turn++) {
      await advance(clock, 6_000, waiting);
      plant({ ...foreign, nonce: `theirs-${turn}` });
    }
    expect(ended).toBe(false);
    plant({ ...foreign, pid: unusedPid });
    await advance(clock, 1_000, waiting);
    expect(await waiting).toBe("done");
  });

  it("closing the store ends the wait for a lock", async () => {
    const { clock, controller, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.withLock(path, async () => "done").catch((error) => error);
    await advance(clock, 1_000, waiting);
    controller.abort(new Error("closed"));
    expect(await waiting).toMatchObject({ message: "closed" });
  });
});

describe("a stale lock", () => {
  it.each<[string, (own: ReturnType<typeof setUp>["foreign"]) => object | string]>([
    ["has ended", (own) => ({ ...own, pid: unusedPid })],
    ["has ended, and whose pid was reused", (own) => ({ ...own, start: "1" })],
    [
      "ran on another machine and has exceeded its time",
      (own) => ({ ...own, machine: "elsewhere", until: own.until - 60_001 }),
    ],
    ["has held it for longer than a minute", (own) => ({ ...own, until: own.until - 60_001 })],
    ["took it more than a day ahead, before a clock was set back", (own) => ({ ...own, until: own.until + 1e9 })],
  ])("a lock is taken over from a process that %s", async (_, change) => {
    const { locks, path, plant, foreign, folder } = setUp();
    plant(change(foreign) as object);
    const lock = await locks.tryTake(path);
    expect(lock).toBeDefined();
    await lock?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("an empty lock file is taken over once it is too old to be still written", async () => {
    const { clock, locks, path } = setUp();
    writeFileSync(path, "");
    expect(await locks.tryTake(path)).toBeUndefined();
    await clock.advance(15_000);
    expect(await locks.tryTake(path)).toBeDefined();
  });

  it("a lock is taken over although another process ended while taking it over", async () => {
    const { locks, path, plant, foreign, folder } = setUp();
    plant({ ...foreign, pid: unusedPid });
    writeFileSync(`${path}.theirs`, JSON.stringify({ ...foreign, pid: unusedPid, nonce: "second" }));
    await (await locks.tryTake(path))?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a lock of another machine is not taken over before its time", async () => {
    const { locks, path, plant, foreign } = setUp();
    plant({ ...foreign, machine: "elsewhere", pid: unusedPid });
    expect(await locks.tryTake(path)).toBeUndefined();
  });
});

describe("a lost lock", () => {
  it("the loser of a lock is stopped before writing, and does not release the lock of its new owner", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    const lock = await locks.tryTake(path);
    await lock?.confirm();
    await clock.advance(10_000);
    plant(foreign);
    await expect(lock?.confirm()).rejects.toMatchObject({ code: "store-busy" });
    await lock?.release();
    expect(existsSync(path)).toBe(true);
  });

  it("a lock that was held too long is lost", async () => {
    const { clock, locks, path } = setUp();
    const lock = await locks.tryTake(path);
    await clock.advance(61_000);
    await expect(lock?.confirm()).rejects.toMatchObject({ code: "store-busy" });
  });
});
