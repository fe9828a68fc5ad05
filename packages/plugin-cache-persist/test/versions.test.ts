import { execFile } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { generateKey } from "../src/seal/keys.ts";
import { tempFolder } from "./temp-folder.ts";

const own = join(import.meta.dirname, "..");
const key = generateKey();

/** A copy of this package with another format version. */
function versionOf(format: number): string {
  const folder = tempFolder();
  for (const part of ["src", "test", "package.json"]) cpSync(join(own, part), join(folder, part), { recursive: true });
  symlinkSync(join(own, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "src/seal/sealer.ts");
  const source = readFileSync(file, "utf8");
  const changed = source.replace("formatVersion = 1", `formatVersion = ${format}`);
  expect(changed).not.toBe(source);
  writeFileSync(file, changed);
  return folder;
}

/** Runs a program with that version, which may store a value; returns the stored value. */
async function run(version: string, directory: string, ...value: readonly string[]): Promise<string> {
  const program = join(version, "test/version-program.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program, directory, key, ...value]);
  return stdout.trim();
}

it("versions with different formats neither read nor change each other's entries", {
  timeout: 60_000,
}, async () => {
  const [older, newer] = [versionOf(0), versionOf(2)];
  const directory = tempFolder();
  expect(await run(older, directory, "of the older")).toBe("of the older");
  expect(await run(own, directory)).toBe("nothing");
  expect(await run(own, directory, "ours")).toBe("ours");
  expect(await run(newer, directory)).toBe("nothing");
  expect(await run(newer, directory, "of the newer")).toBe("of the newer");
  expect(await Promise.all([older, own, newer].map((version) => run(version, directory)))).toEqual([
    "of the older",
    "ours",
    "of the newer",
  ]);
});
