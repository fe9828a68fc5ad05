import { chownSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { generateKey } from "../seal/keys.ts";
import { findKey } from "./find-key.ts";
import { createKeyFiles } from "./key-file.ts";
import { createKeyPlace } from "./key-place.ts";

const search = (folder: string) =>
  findKey({
    account: "mine",
    keyrings: async () => [],
    alone: (work) => work(async () => undefined),
    unsafe: createKeyFiles(folder),
    place: createKeyPlace(folder),
  });

it("keeps a key in a file, and remembers that it is there", async () => {
  const folder = tempFolder();
  const key = await search(folder);
  expect(await search(folder)).toBe(key);
  expect(readdirSync(folder).sort()).toEqual(["key-place", "mine.key"]);
});

it.each<[string, (path: string) => void]>([
  ["too short", (path) => writeFileSync(path, generateKey().slice(0, 20))],
  ["empty", (path) => writeFileSync(path, "")],
  ["a link", (path) => symlinkSync("elsewhere", path)],
])("replaces no key file that is %s, and says so", async (_, spoil) => {
  const folder = tempFolder();
  const path = join(folder, "mine.key");
  spoil(path);
  const before = existsSync(path) && readFileSync(path, "utf8");
  await expect(search(folder)).rejects.toMatchObject({ code: "store-key-unreadable" });
  expect(existsSync(path) && readFileSync(path, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["mine.key"]);
});

it.skipIf(process.getuid?.() !== 0)("takes no key from a file of another user, and does not replace it", async () => {
  const folder = tempFolder();
  const key = generateKey();
  writeFileSync(join(folder, "mine.key"), key);
  chownSync(join(folder, "mine.key"), 65_534, 65_534);
  await expect(search(folder)).rejects.toMatchObject({ code: "store-key-unreadable" });
  expect(readFileSync(join(folder, "mine.key"), "utf8")).toBe(key);
});
