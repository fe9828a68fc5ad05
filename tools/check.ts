/**
 * Everything that CI checks besides the tests. All checks run even when one fails; only a failed
 * one shows its output. The exit code is the number of failed checks. Names as arguments run these
 * checks alone: `pnpm check lint api`.
 */
import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";

const checks = {
  types: "node tools/build.ts && tsc -p tsconfig.tests.json",
  lint: "biome ci --error-on-warnings --colors=off .",
  imports: "node tools/check-imports.ts",
  words: "node tools/words.ts",
  api: "node tools/api-snapshot.ts --check",
  docs: "node tools/check-docs.ts",
  figures: "node bench/readme-table.ts --check",
  config: "node tools/configuration-page.ts --check",
  bundles: "node tools/check-bundles.ts",
  packages: "node tools/check-packages.ts",
};

const env = { ...process.env, PATH: `${resolve("node_modules/.bin")}${delimiter}${process.env.PATH}` };
const wanted = process.argv.slice(2);
const failed: string[] = [];

for (const [name, command] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, { shell: true, env, encoding: "utf8" });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(8)} ${seconds} s   ${command}`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout}${stderr}`.replace(/^/gm, "  "));
}

if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
process.exitCode = failed.length;
