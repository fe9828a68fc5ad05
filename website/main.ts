/**
 * The documentation site: `pnpm site` builds it into website/.vitepress/dist, `pnpm site dev` shows
 * it while pages are edited, `pnpm site preview` serves what was built. Options go to VitePress.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const installed = join(folder, "node_modules/.package-lock.json");

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}

const isInstalled =
  existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, "package-lock.json")).mtimeMs;
if (!isInstalled) run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]);

const [command = "build", ...options] = process.argv.slice(2);
run(process.execPath, ["node_modules/vitepress/bin/vitepress.js", command, ".", ...options]);
