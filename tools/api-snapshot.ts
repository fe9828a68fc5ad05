/**
 * Writes the public API of every door to `api/`, so that a change of it shows in review. Reads what `pnpm build` has built.
 * With --check it leaves `api/` alone, prints the difference and fails if there is one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, posix } from "node:path";
import { describeDoor } from "./door-api.ts";
import { publicPackages } from "./public-packages.ts";

const doors = publicPackages().flatMap(({ folder, name, doors }) =>
  Object.entries(doors).map(([door, module]) => ({
    title: posix.join(name, door),
    file: `${basename(folder)}.${door === "." ? "index" : basename(door)}.api.md`,
    entry: posix.join(folder, module.replace(/\.js$/, ".d.ts")),
  })),
);

function writeSnapshot(folder: string): void {
  const pages = doors.map(({ title, file, entry }) => {
    const api = describeDoor(entry, (path) => readFileSync(path, "utf8"));
    return { file, text: `# ${title}\n\n${api || "Exports nothing."}\n` };
  });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, text } of pages) writeFileSync(join(folder, file), text);
}

function checkSnapshot(): void {
  const fresh = mkdtempSync(join(tmpdir(), "api-"));
  writeSnapshot(fresh);
  const diff = spawnSync("git", ["diff", "--no-index", "--no-color", "api", fresh], { encoding: "utf8" });
  rmSync(fresh, { recursive: true });
  if (diff.status === 0) return;
  console.error(`${diff.stdout}${diff.stderr}\nThe public API has changed. If that is meant, run: pnpm api`);
  process.exitCode = 1;
}

const missing = doors.filter(({ entry }) => !existsSync(entry));
for (const { title, entry } of missing) console.error(`${title}: there is no ${entry}. Run: pnpm build`);
if (missing.length > 0) process.exitCode = 1;
else if (process.argv.includes("--check")) checkSnapshot();
else writeSnapshot("api");
