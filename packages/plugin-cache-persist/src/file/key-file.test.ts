import { chownSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { generateKey } from "../seal/keys.ts";
import { findKey } from "./find-key.ts";
import { createKeyFiles } from "./key-file.ts";
import { createKeyLocation } from "./key-location.ts";

const search = (folder: string) =>
  findKey({
    account: "mine",
    keyrings: async () => [],
    exclusively: (work) => work(async () => undefined),
    unencrypted: createKeyFiles(folder),
    location: createKeyLocation(folder),
  });

it("a key is kept in a file, and its location is recorded", async () => {
  const folder = tempFolder();
  const key = await search(folder);
  expect(await search(folder)).toBe(key);
  expect(readdirSync(folder).sort()).toEqual(["key-location", "mine.key"]);
});

it.each<[string, (path: string) => void]>([
  ["too short", (path) => writeFileSync(path, generateKey().slice(0, 20))],
  ["empty", (path) => writeFileSync(path, "")],
  ["a link", (path) => symlinkSync("elsewhere", path)],
])("a key file that is %s is reported and not replaced", async (_, spoil) => {
  const folder = tempFolder();
  const path = join(folder, "mine.key");
  spoil(path);
  const before = existsSync(path) && readFileSync(path, "utf8");
  await expect(search(folder)).rejects.toMatchObject({ code: "store-key-unreadable" });
  expect(existsSync(path) && readFileSync(path, "utf8")).toBe(before);
  expect(readdirSync(folder)).toEqual(["mine.key"]);
});

it.skipIf(process.getuid?.() !== 0)("a key file of another user is neither used nor replaced", async () => {
  const folder = tempFolder();
  const key = generateKey();
  writeFileSync(join(folder, "mine.key"), key);
  chownSync(join(folder, "mine.key"), 65_534, 65_534);
  await expect(search(folder)).rejects.toMatchObject({ code: "store-key-unreadable" });
  expect(readFileSync(join(folder, "mine.key"), "utf8")).toBe(key);
});
