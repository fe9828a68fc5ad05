import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createFakeClock, createTestContext, testTokenStore } from "@azidentity/core/testing";
import { describe, expect, it } from "vitest";
import { listOf } from "../../test/list-of.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { generateKey } from "../seal/keys.ts";
import { type FileOptions, openFileStore } from "./open.ts";

const key = generateKey();
const bytes = (text: string) => new TextEncoder().encode(text);
const hour = 3_600_000;

/** Opens the store as a process would; pass the same `directory` to share it. */
async function setUp(options: FileOptions = {}, directory = tempFolder()) {
  const clock = createFakeClock(Date.now());
  const warnings: string[] = [];
  const silent = () => {};
  const log = { error: silent, warn: (text: string) => warnings.push(text), info: silent, debug: silent };
  const store = await openFileStore({ key, directory, ...options }, createTestContext({ clock, log }));
  const folder = join(directory, "v1", `cache-${options.name ?? "default"}`);
  const files = () => readdirSync(folder).filter((name) => name !== "swept");
  const read = async (name: string) => {
    const value = await store.get(name);
    return value && new TextDecoder().decode(value);
  };
  return { store, read, clock, warnings, directory, folder, files };
}

describe("the file store", () => {
  testTokenStore({ it }, { create: async () => (await setUp()).store });

  it("an entry is served to later processes until it expires", async () => {
    const first = await setUp();
    await first.store.set("key", bytes("value"), Date.now() + hour);
    const second = await setUp({}, first.directory);
    expect(await second.read("key")).toBe("value");
    await second.clock.advance(2 * hour);
    expect(await second.read("key")).toBeUndefined();
  });

  it("the store has one file per entry, in a folder, with access for their owner only", async () => {
    const { store, folder, files } = await setUp();
    await store.set("key", bytes("c4n4ry"));
    await store.update("other", async () => bytes("c4n4ry"));
    await (await store.lease?.("key", 1_000))?.[Symbol.asyncDispose]();
    expect(files()).toHaveLength(2);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of files()) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(folder, file)).includes("c4n4ry")).toBe(false);
    }
  });

  it("a process that keeps running removes expired entries", async () => {
    const { store, clock, files } = await setUp();
    await store.set("one", bytes("value"), clock.now() + hour);
    await clock.advance(2 * hour);
    await store.set("other", bytes("value"), clock.now() + hour);
    await store[Symbol.asyncDispose]?.();
    expect(files()).toHaveLength(1);
  });

  it("caches with different names are separate, even with the same key", async () => {
    const one = await setUp({ name: "one" });
    const two = await setUp({ name: "two" }, one.directory);
    await one.store.set("key", bytes("of one"));
    expect(await two.read("key")).toBeUndefined();
    await two.store.set("key", bytes("of two"));
    expect(await one.read("key")).toBe("of one");
  });

  it("an entry that was copied from another cache is not served", async () => {
    const one = await setUp({ name: "one" });
    const two = await setUp({ name: "two" }, one.directory);
    await one.store.set("key", bytes("of one"));
    await two.store.set("key", bytes("of two"));
    expect(await two.read("key")).toBe("of two");
    const [from, to] = [one.files()[0] as string, two.files()[0] as string];
    writeFileSync(join(two.folder, to), readFileSync(join(one.folder, from)));
    expect(await two.read("key")).toBeUndefined();
  });

  it("after a rotation, entries are read with the old key and written with the new one", async () => {
    const newer = generateKey();
    const old = await setUp();
    await old.store.set("key", bytes("value"));
    const rotated = await setUp({ key: newer, previousKeys: [key] }, old.directory);
    expect(await rotated.read("key")).toBe("value");
    await rotated.store.set("key", bytes("newer"));
    expect(await (await setUp({ key: newer }, old.directory)).read("key")).toBe("newer");
    expect(await old.read("key")).toBeUndefined();
  });

  it("entries of another key are kept, so that each key finds its own entries", async () => {
    const ours = await setUp();
    const theirs = await setUp({ key: generateKey() }, ours.directory);
    const add = ({ store }: typeof ours, name: string) =>
      store.update("users", async (before) => bytes(`${before === undefined ? "" : Buffer.from(before)}${name} `));
    for (const [process, name] of [
      [ours, "ann"],
      [theirs, "bob"],
      [ours, "cleo"],
      [theirs, "dan"],
    ] as const)
      await add(process, name);
    expect([await ours.read("users"), await theirs.read("users")]).toEqual(["ann cleo ", "bob dan "]);
    expect(await listOf(ours.store)).toEqual([{ key: "users", expiresOnTimestamp: undefined }]);
    await theirs.store.delete("users");
    expect([await ours.read("users"), await theirs.read("users")]).toEqual(["ann cleo ", undefined]);
    await ours.store.set("users", bytes("eve"));
    await ours.store.delete("users");
    expect(ours.files()).toEqual([]);
  });

  it("the list has keys and expiry, without expired and unreadable entries", async () => {
    const { store, clock, folder } = await setUp();
    await store.set("gone", bytes("1"), clock.now() + 1_000);
    await store.set("there", bytes("2"), clock.now() + hour);
    await store.set("permanent", bytes("3"));
    writeFileSync(join(folder, "0".repeat(64)), "invalid");
    await clock.advance(2_000);
    expect(await listOf(store)).toEqual([
      { key: "permanent", expiresOnTimestamp: undefined },
      { key: "there", expiresOnTimestamp: expect.any(Number) },
    ]);
  });

  it("an update keeps the expiry of the entry", async () => {
    const { store, read, clock } = await setUp();
    await store.set("key", bytes("1"), clock.now() + hour);
    await store.update("key", async () => bytes("2"));
    expect(await read("key")).toBe("2");
    await clock.advance(hour);
    expect(await read("key")).toBeUndefined();
  });
});

describe("a file that is not a valid entry", () => {
  const damages: readonly [string, (path: string, foreign: string) => void][] = [
    ["empty", (path) => truncateSync(path, 0)],
    ["truncated", (path) => truncateSync(path, statSync(path).size - 1)],
    ["cut within its header", (path) => truncateSync(path, 10)],
    ["zeroed", (path) => writeFileSync(path, Buffer.alloc(statSync(path).size))],
    ["text", (path) => writeFileSync(path, "{}")],
    ["sealed with another key", (path, foreign) => writeFileSync(path, readFileSync(foreign))],
    [
      "of an older version",
      (path) => writeFileSync(path, Buffer.concat([Buffer.from("AZC0"), readFileSync(path).subarray(4)])),
    ],
    ["longer than any entry", (path) => truncateSync(path, 9 * 1_048_576)],
  ];

  it.each(damages)("a damaged entry (%s) is ignored with one warning, and replaced", async (_, damage) => {
    const { store, read, folder, files, warnings } = await setUp();
    const theirs = await setUp({ key: generateKey() });
    for (const one of [store, theirs.store]) await one.set("key", bytes("value"));
    damage(join(folder, files()[0] as string), join(theirs.folder, theirs.files()[0] as string));
    expect(await read("key")).toBeUndefined();
    expect(await read("key")).toBeUndefined();
    expect(warnings).toHaveLength(1);
    await store.update("key", async (current) => bytes(current === undefined ? "new" : "from damaged"));
    expect(await read("key")).toBe("new");
  });

  it("a link in place of an entry is not followed, and replacing it leaves its target unchanged", async () => {
    const { store, read, folder, files, directory } = await setUp();
    await store.set("key", bytes("value"));
    const [name] = files() as [string];
    const target = join(directory, "elsewhere");
    writeFileSync(target, readFileSync(join(folder, name)));
    await store.delete("key");
    symlinkSync(target, join(folder, name));
    expect(await read("key")).toBeUndefined();
    const before = readFileSync(target);
    await store.set("key", bytes("own"));
    expect(await read("key")).toBe("own");
    expect(readFileSync(target)).toEqual(before);
  });

  it("a folder in place of an entry makes writes fail and reads find nothing", async () => {
    const { store, read, folder, files } = await setUp();
    await store.set("key", bytes("value"));
    const [name] = files() as [string];
    await store.delete("key");
    mkdirSync(join(folder, name));
    expect(await read("key")).toBeUndefined();
    await expect(store.set("key", bytes("value"))).rejects.toThrow();
    expect(files()).toEqual([name]);
  });
});

describe("access rights of others", () => {
  it("access rights of others are removed from a file when it is read, and from the folder when it is opened", async () => {
    const { store, read, folder, files, directory } = await setUp();
    await store.set("key", bytes("value"));
    const file = join(folder, files()[0] as string);
    chmodSync(file, 0o644);
    chmodSync(folder, 0o755);
    expect(await read("key")).toBe("value");
    await setUp({}, directory);
    expect([statSync(file).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
  });
});

describe("a folder that cannot be used", () => {
  it.each<[string, (directory: string) => void]>([
    ["a file is in its place", (directory) => writeFileSync(join(directory, "v1"), "")],
    [
      "a link is in its place",
      (directory) => {
        mkdirSync(join(directory, "v1"));
        symlinkSync(tempFolder(), join(directory, "v1", "cache-default"));
      },
    ],
  ])("the folder of a store is refused when %s", async (_, spoil) => {
    const directory = tempFolder();
    spoil(directory);
    await expect(setUp({}, directory)).rejects.toMatchObject({ code: "store-directory-unusable" });
  });

  it("a store without a home folder and a configured folder is refused", async () => {
    await expect(openFileStore({ key }, createTestContext())).rejects.toMatchObject({
      code: "store-directory-unusable",
    });
  });

  it.each(["", "..", "a/b", "A", "a".repeat(64), ".hidden", "a b"])("the cache name %j is refused", async (name) => {
    await expect(setUp({ name })).rejects.toMatchObject({ code: "invalid-store-name" });
  });
});
