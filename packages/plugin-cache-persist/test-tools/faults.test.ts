import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock, createTestContext } from "@azidentity/core/testing";
import { expect, it, onTestFinished } from "vitest";
import { openFileStore } from "../src/file/open.ts";
import { generateKey } from "../src/seal/keys.ts";
import { tempFolder } from "../test/temp-folder.ts";

// These tests need root: full and read-only disks, and files of other users.
const key = generateKey();
const otherUid = 65_534;
const root = process.getuid?.() === 0;
const bytes = (text: string) => new TextEncoder().encode(text);
const open = (directory: string) =>
  openFileStore({ key, directory }, createTestContext({ clock: createFakeClock(Date.now()) }));

/** Mounts a disk of that size. */
function mountDisk(size: string): string {
  const folder = join(tempFolder(), "disk");
  mkdirSync(folder);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", folder]);
  onTestFinished(() => void execFileSync("umount", [folder]));
  return folder;
}

it.skipIf(!root)("a full disk rejects the write, keeps the old entry, and leaves no temporary file", async () => {
  const disk = mountDisk("128k");
  const store = await open(disk);
  await store.set("key", bytes("old"));
  await expect(store.set("key", new Uint8Array(200_000))).rejects.toMatchObject({ code: "ENOSPC" });
  expect(new TextDecoder().decode(await store.get("key"))).toBe("old");
  expect(readdirSync(join(disk, "v1", "cache-default")).filter((name) => name.includes("."))).toEqual([]);
  await store.set("key", bytes("new"));
  expect(new TextDecoder().decode(await store.get("key"))).toBe("new");
});

it.skipIf(!root)("a store on a read-only disk is refused", async () => {
  const disk = mountDisk("128k");
  await (await open(disk))[Symbol.asyncDispose]?.();
  execFileSync("mount", ["-o", "remount,ro", disk]);
  await expect(open(disk)).rejects.toMatchObject({ code: "store-directory-unusable" });
  const empty = mountDisk("128k");
  execFileSync("mount", ["-o", "remount,ro", empty]);
  await expect(open(empty)).rejects.toMatchObject({ code: "store-directory-unusable" });
});

it.skipIf(!root)(
  "an entry that belongs to another user is not read, and a folder of another user is refused",
  async () => {
    const directory = tempFolder();
    const folder = join(directory, "v1", "cache-default");
    const store = await open(directory);
    await store.set("key", bytes("value"));
    const [name = ""] = readdirSync(folder).filter((one) => one !== "swept");
    chownSync(join(folder, name), otherUid, otherUid);
    expect(await store.get("key")).toBeUndefined();
    chownSync(folder, otherUid, otherUid);
    await expect(open(directory)).rejects.toMatchObject({ code: "store-directory-unusable" });
  },
);
