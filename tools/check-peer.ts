/**
 * Compares the drop-in with the newest `@azure/identity`, which is installed into a temporary
 * folder: names that it exports at run time, and the type test. A new version is a list of
 * differences to follow; CI compares with the locked version alone.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const name = "@azure/identity";
const folder = mkdtempSync(join(tmpdir(), "azidentity-peer-"));
try {
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", `${name}@latest`], { cwd: folder, stdio: "ignore" });
  const peer = join(folder, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(peer, "package.json"), "utf8"));
  const theirs = Object.keys(createRequire(join(folder, "main.js"))(name));
  const ours = Object.keys(await import(resolve("packages/identity/dist/esm/index.js")));
  const missing = theirs.filter((each) => !ours.includes(each));

  const config = {
    extends: resolve("tsconfig.tests.json"),
    compilerOptions: { paths: { [name]: [join(peer, "dist/esm/index.d.ts")] } },
    include: [resolve("packages/identity/src/index.test-d.ts")],
  };
  const file = resolve(`tsconfig.peer-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(config));
  const { status, stdout } = spawnSync(join("node_modules", ".bin", "tsc"), ["-p", file], { encoding: "utf8" });
  rmSync(file);

  console.log(`${name} ${version}: ${theirs.length} names, ${missing.length} missing`);
  for (const each of missing) console.log(`  ${each} is not exported`);
  if (status !== 0) console.log(stdout.replace(/^/gm, "  "));
  process.exitCode = missing.length > 0 || status !== 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
