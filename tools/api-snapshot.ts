/**
 * Writes the public API of every entry point to `api/`, so that reviewers see a change of it. Reads
 * the output of `pnpm build`. With --check it writes nothing, and fails with the difference if
 * there is one.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, posix } from "node:path";
import { describeEntryPoint } from "./entry-point-api.ts";
import { publicPackages } from "./public-packages.ts";

const entryPoints = publicPackages().flatMap(({ folder, name, entryPoints }) =>
  Object.entries(entryPoints).map(([entryPoint, module]) => ({
    title: posix.join(name, entryPoint),
    file: `${basename(folder)}.${entryPoint === "." ? "index" : basename(entryPoint)}.api.md`,
    entry: posix.join(folder, module.replace(/\.js$/, ".d.ts")),
  })),
);

function writeSnapshot(folder: string): void {
  const pages = entryPoints.map(({ title, file, entry }) => {
    const api = describeEntryPoint(entry, (path) => readFileSync(path, "utf8"));
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

const missing = entryPoints.filter(({ entry }) => !existsSync(entry));
for (const { title, entry } of missing) console.error(`${title}: there is no ${entry}. Run: pnpm build`);
if (missing.length > 0) process.exitCode = 1;
else if (process.argv.includes("--check")) checkSnapshot();
else writeSnapshot("api");
