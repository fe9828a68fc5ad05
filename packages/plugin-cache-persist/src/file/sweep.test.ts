import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { generateKey, readKey } from "../seal/keys.ts";
import { createSealer } from "../seal/sealer.ts";
import { sweep } from "./sweep.ts";

const now = Date.now();
const open = () => false;
const sealer = createSealer([readKey(generateKey())], "mine");

const entryOf = (key: string) => ({ key, value: Buffer.from("v"), expiresOnTimestamp: undefined });

function setUp() {
  const folder = tempFolder();
  const put = (key: string, expiresOnTimestamp?: number) =>
    writeFileSync(join(folder, sealer.slotOf(key)), sealer.seal({ key, value: Buffer.from("v"), expiresOnTimestamp }));
  const writeOld = (name: string, ageMs: number) => {
    writeFileSync(join(folder, name), "");
    utimesSync(join(folder, name), (now - ageMs) / 1000, (now - ageMs) / 1000);
  };
  const names = () => readdirSync(folder).filter((name) => name !== "swept");
  return { folder, put, writeOld, names };
}

it("a sweep removes expired entries and leftovers of killed processes, and nothing else", async () => {
  const { folder, put, writeOld, names } = setUp();
  put("expired", now - 1);
  put("alive", now + 1_000);
  put("permanent");
  writeOld("a.tmp", 3_600_000);
  writeOld("b.lease", 3_600_000);
  writeOld("c.tmp", 1_000);
  writeOld("default.key", 3_600_000);
  writeFileSync(join(folder, "f".repeat(64)), "not an entry");
  await sweep(folder, now, open);
  expect(names().sort()).toEqual(
    [sealer.slotOf("alive"), sealer.slotOf("permanent"), "c.tmp", "default.key", "f".repeat(64)].sort(),
  );
});

it("a sweep removes moved entries that are older than the lifetime of a refresh token", async () => {
  const { folder, put, names } = setUp();
  put("permanent");
  const [slot] = names() as [string];
  const [young, old] = [`${slot}.${"a".repeat(16)}`, `${slot}.${"b".repeat(16)}`];
  for (const name of [young, old]) writeFileSync(join(folder, name), sealer.seal(entryOf("permanent")));
  const then = now / 1_000 - 91 * 86_400;
  for (const name of [slot, old]) utimesSync(join(folder, name), then, then);
  await sweep(folder, now, open);
  expect(names().sort()).toEqual([slot, young].sort());
});

it("a folder is swept once an hour", async () => {
  const { folder, put, names } = setUp();
  await sweep(folder, now, open);
  put("expired", now - 1);
  await sweep(folder, now + 1_000, open);
  expect(names()).toHaveLength(1);
  await sweep(folder, now + 3_700_000, open);
  expect(names()).toHaveLength(0);
});

it("a sweep checks one batch of files", async () => {
  const { folder, put, names } = setUp();
  for (let n = 0; n < 440; n++) put(`${n}`, n % 11 === 0 ? now - 1 : now + 1_000);
  await sweep(folder, now, open);
  expect(names().length).toBeGreaterThan(400);
});

it("a sweep goes on while many files are removed, until the store is closed", async () => {
  const { folder, put, names } = setUp();
  for (let n = 0; n < 500; n++) put(`expired ${n}`, now - 1);
  await sweep(folder, now, () => true);
  expect(names()).toHaveLength(300);
  await sweep(folder, now + 3_700_000, open);
  expect(names()).toHaveLength(0);
});
