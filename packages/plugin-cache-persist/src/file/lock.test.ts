import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock, type FakeClock } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { createLocks } from "./lock.ts";
import { thisProcess } from "./process.ts";

/** A process number that nobody can have. */
const nobody = 2 ** 22 + 7;

function setUp() {
  const clock = createFakeClock(Date.now());
  const controller = new AbortController();
  const folder = tempFolder();
  const path = join(folder, "entry.lock");
  const locks = createLocks(clock, controller.signal);
  /** A lock of somebody else. */
  const plant = (holder: object) => {
    writeFileSync(`${path}.planted`, JSON.stringify(holder));
    renameSync(`${path}.planted`, path);
  };
  const foreign = { ...thisProcess(), nonce: "theirs", until: clock.now() + 60_000 };
  return { clock, controller, folder, path, locks, plant, foreign };
}

/** Lets time pass for somebody who looks at files in between, which takes real time that no clock here stands for. */
async function letPass(clock: FakeClock, ms: number, waiting: Promise<unknown>): Promise<void> {
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
  it("is one at a time, and leaves nothing behind", async () => {
    const { locks, path, folder } = setUp();
    const lock = await locks.tryTake(path);
    expect(await locks.tryTake(path)).toBeUndefined();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    await lock?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is released when the work under it fails", async () => {
    const { locks, path } = setUp();
    await expect(locks.hold(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });

  it.each(["null", "{}", '{"until":"never"}'])(
    "that holds %s is nobody's, and is taken after a while",
    async (text) => {
      const { clock, locks, path } = setUp();
      writeFileSync(path, text);
      expect(await locks.tryTake(path)).toBeUndefined();
      await clock.advance(11_000);
      expect(await locks.tryTake(path)).toBeDefined();
    },
  );

  it("is waited for while its owner lives, and then taken", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.hold(path, async () => "done");
    await letPass(clock, 3_000, waiting);
    rmSync(path);
    await letPass(clock, 1_000, waiting);
    expect(await waiting).toBe("done");
  });

  it("is given up on when one owner keeps it for ten seconds", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.hold(path, async () => "done").catch((error) => error);
    await letPass(clock, 11_000, waiting);
    expect(await waiting).toMatchObject({ code: "store-busy" });
    expect(existsSync(path)).toBe(true);
  });

  it("is waited for longer while it changes hands", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    let ended = false;
    plant(foreign);
    const waiting = locks
      .hold(path, async () => "done")
      .finally(() => {
        ended = true;
      });
    for (let turn = 0; turn < 4; turn++) {
      await letPass(clock, 6_000, waiting);
      plant({ ...foreign, nonce: `theirs-${turn}` });
    }
    expect(ended).toBe(false);
    plant({ ...foreign, pid: nobody });
    await letPass(clock, 1_000, waiting);
    expect(await waiting).toBe("done");
  });

  it("ends the wait when the store is closed", async () => {
    const { clock, controller, locks, path, plant, foreign } = setUp();
    plant(foreign);
    const waiting = locks.hold(path, async () => "done").catch((error) => error);
    await letPass(clock, 1_000, waiting);
    controller.abort(new Error("closed"));
    expect(await waiting).toMatchObject({ message: "closed" });
  });
});

describe("a lock is taken over from", () => {
  it.each<[string, (own: ReturnType<typeof setUp>["foreign"]) => object | string]>([
    ["a process that is dead", (own) => ({ ...own, pid: nobody })],
    ["a process whose number has been given to another one", (own) => ({ ...own, start: "1" })],
    ["another machine after its time", (own) => ({ ...own, machine: "elsewhere", until: own.until - 60_001 })],
    ["a process of ours that holds it for longer than a minute", (own) => ({ ...own, until: own.until - 60_001 })],
    ["a day that has not come yet, because a clock was set back", (own) => ({ ...own, until: own.until + 1e9 })],
  ])("%s", async (_, change) => {
    const { locks, path, plant, foreign, folder } = setUp();
    plant(change(foreign) as object);
    const lock = await locks.tryTake(path);
    expect(lock).toBeDefined();
    await lock?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a file that holds nothing, once it is old enough not to be on its way", async () => {
    const { clock, locks, path } = setUp();
    writeFileSync(path, "");
    expect(await locks.tryTake(path)).toBeUndefined();
    await clock.advance(15_000);
    expect(await locks.tryTake(path)).toBeDefined();
  });

  it("a dead process although somebody died while taking it over", async () => {
    const { locks, path, plant, foreign, folder } = setUp();
    plant({ ...foreign, pid: nobody });
    writeFileSync(`${path}.theirs`, JSON.stringify({ ...foreign, pid: nobody, nonce: "second" }));
    await (await locks.tryTake(path))?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("nobody on another machine before its time", async () => {
    const { locks, path, plant, foreign } = setUp();
    plant({ ...foreign, machine: "elsewhere", pid: nobody });
    expect(await locks.tryTake(path)).toBeUndefined();
  });
});

describe("who lost a lock", () => {
  it("is told before writing, and does not release somebody else's", async () => {
    const { clock, locks, path, plant, foreign } = setUp();
    const lock = await locks.tryTake(path);
    await lock?.confirm();
    await clock.advance(10_000);
    plant(foreign);
    await expect(lock?.confirm()).rejects.toMatchObject({ code: "store-busy" });
    await lock?.release();
    expect(existsSync(path)).toBe(true);
  });

  it("by holding it too long is told too", async () => {
    const { clock, locks, path } = setUp();
    const lock = await locks.tryTake(path);
    await clock.advance(61_000);
    await expect(lock?.confirm()).rejects.toMatchObject({ code: "store-busy" });
  });
});
