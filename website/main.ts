/**
 * The documentation site: `pnpm site` builds it into website/.vitepress/dist, `pnpm site dev` shows
 * it while pages are edited, `pnpm site preview` serves what was built. Options go to VitePress.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const cwd = import.meta.dirname;

/** Installs what the lockfile says, unless that has been done since it changed. */
function install(): boolean {
  const [lockfile, installed] = [join(cwd, "package-lock.json"), join(cwd, "node_modules/.package-lock.json")];
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return true;
  const args = ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  return spawnSync("npm", args, { cwd, stdio: "inherit", shell: process.platform === "win32" }).status === 0;
}

function runVitePress(command: string, options: readonly string[]): void {
  const args = ["node_modules/vitepress/bin/vitepress.js", command, ".", ...options];
  const child = spawn(process.execPath, args, { cwd, stdio: "inherit" });
  process.once("SIGTERM", () => child.kill());
  child.once("close", (code) => {
    process.exitCode = code ?? 1;
  });
}

const [first = "build", ...rest] = process.argv.slice(2);
if (!install()) process.exitCode = 1;
else if (first.startsWith("-")) runVitePress("build", [first, ...rest]);
else runVitePress(first, rest);
