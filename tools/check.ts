/**
 * Everything that CI checks besides the tests. All checks run even when one fails; only a failed
 * one shows its output, and `bundles` its sizes. The exit code is the number of failed checks.
 * Names as arguments run these checks alone: `pnpm check lint api`. `pnpm check peer` compares the
 * drop-in with the newest `@azure/identity`.
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

/** Run only by their names: they ask the registry. */
const byName = { peer: "node tools/check-peer.ts" };

const env = { ...process.env, PATH: `${resolve("node_modules/.bin")}${delimiter}${process.env.PATH}` };
const wanted = process.argv.slice(2);
const failed: string[] = [];

const chosen = Object.entries({ ...checks, ...byName }).filter(([name]) =>
  wanted.length === 0 ? name in checks : wanted.includes(name),
);
for (const [name, command] of chosen) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, { shell: true, env, encoding: "utf8" });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(8)} ${seconds} s   ${command}`);
  if (status !== 0) failed.push(name);
  if (status !== 0 || name === "bundles") console.log(`${stdout}${stderr}`.trimEnd().replace(/^/gm, "  "));
}

if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
process.exitCode = failed.length;
