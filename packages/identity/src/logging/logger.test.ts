import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const here = resolve(import.meta.dirname, "../..");

/** What a program writes to stderr that has this package, and maybe `@azure/logger`, installed. */
function stderrOf(file: string, program: string, packages: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-logger-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, "node_modules/identity");
  for (const path of ["dist", "package.json"]) cpSync(join(here, path), join(own, path), { recursive: true });
  mkdirSync(join(folder, "node_modules/@azure"));
  for (const name of packages) symlinkSync(join(here, "node_modules", name), join(folder, "node_modules", name));
  writeFileSync(join(folder, file), program);
  const clean = { ...process.env, AZURE_LOG_LEVEL: "", DEBUG: "", NODE_OPTIONS: "", ...env };
  return spawnSync(process.execPath, [join(folder, file)], { env: clean, cwd: folder, encoding: "utf8" }).stderr;
}

const esModule = `
  import { logger } from "identity";
  import { setLogLevel } from "@azure/logger";
  setLogLevel("info");
  logger.info("hello", 5); logger.verbose("too much");`;
const commonJs = `
  const { logger } = require("identity");
  require("@azure/logger").setLogLevel("info");
  logger.info("hello", 5); logger.verbose("too much");`;
const without = `
  import { logger } from "identity";
  logger.info("hello", 5); logger.verbose("too much");
  logger.verbose.enabled = true; logger.verbose.log = console.error; logger.verbose("now");`;

it("is a client logger of @azure/logger where the program has that package", () => {
  const expected = expect.stringMatching(/^azure:identity:info hello 5\s*$/);
  expect(stderrOf("main.mjs", esModule, ["@azure/logger"])).toEqual(expected);
  expect(stderrOf("main.cjs", commonJs, ["@azure/logger"])).toEqual(expected);
});

it("follows AZURE_LOG_LEVEL without that package, and its lines can be redirected", () => {
  const written = stderrOf("main.mjs", without, [], { AZURE_LOG_LEVEL: "info" });
  expect(written).toBe("azure:identity:info hello 5\nazure:identity:verbose now\n");
  expect(stderrOf("main.mjs", without, [])).toBe("azure:identity:verbose now\n");
});
