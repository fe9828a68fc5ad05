/**
 * Writes the public API of every entry point to `api/`, so that reviewers see a change of it. Reads
 * the output of `pnpm build`. With --check it writes nothing, and fails with the difference if
 * there is one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEntryPoint } from "./entry-point-api.ts";
import { publicEntryPoints } from "./public-packages.ts";

const entryPoints = publicEntryPoints();

function writeSnapshot(folder: string): void {
  const pages = entryPoints.map(({ title, file, declarations }) => {
    const api = describeEntryPoint(declarations, (path) => readFileSync(path, "utf8"));
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
  console.error(`${diff.stdout}${diff.stderr}\nThe public API has changed. If the change is intended, run: pnpm api`);
  process.exitCode = 1;
}

const missing = entryPoints.filter(({ declarations }) => !existsSync(declarations));
for (const { title, declarations } of missing) console.error(`${title}: there is no ${declarations}. Run: pnpm build`);
if (missing.length > 0) process.exitCode = 1;
else if (process.argv.includes("--check")) checkSnapshot();
else writeSnapshot("api");
