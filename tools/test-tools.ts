/**
 * Runs the suites that need programs of the operating system (tools/debian-packages.txt); arguments
 * go to vitest.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const suites = ["{packages,examples}/*/test-tools/**/*.test.ts", "{tools/trees/*,test/*,website}/*.tools.test.ts"];
if (globSync(suites).length === 0) {
  console.log("No suites yet that need programs of the operating system.");
} else {
  const options = ["run", "--config", "vitest.tools.config.ts", ...process.argv.slice(2)];
  const { status } = spawnSync("vitest", options, { stdio: "inherit", shell: process.platform === "win32" });
  process.exitCode = status ?? 1;
}
