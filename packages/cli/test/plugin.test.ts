/** azid plugin new and verify, as a user runs them. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runAzid } from "./run-azid.ts";

const packageFolder = join(import.meta.dirname, "..");
const workspace = join(packageFolder, "../..");

/** Below this package, so that a new plugin finds core without being installed. */
let root: string;
beforeAll(() => {
  const modules = join(packageFolder, "node_modules");
  mkdirSync(modules, { recursive: true });
  root = mkdtempSync(join(modules, ".plugin-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const azid = (words: readonly string[], cwd = root) =>
  runAzid(words, { cwd, env: { HOME: join(root, "home"), XDG_CONFIG_HOME: join(root, "settings") } });

it("a new plugin compiles, and passes its tests and the contract once it is trusted", async () => {
  const made = await azid(["plugin", "new", "@contoso/azidentity-team-broker"]);
  const folder = join(root, "azidentity-team-broker");
  expect(made).toMatchObject({ code: 0, stdout: `${folder}\n` });
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "@contoso/azidentity-team-broker", type: "module" });

  const run = promisify(execFile);
  const tsc = join(workspace, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", ".", "--typeRoots", join(workspace, "node_modules/@types")], { cwd: folder });
  expect(existsSync(join(folder, "dist/index.d.ts"))).toBe(true);

  // below node_modules Node.js strips no types, so the test is compiled, too
  const options = ["--outDir", "tested", "--rootDir", "src", "--module", "nodenext", "--target", "es2023"];
  const more = ["--rewriteRelativeImportExtensions", "--skipLibCheck", "--types", "node"];
  const roots = ["--typeRoots", join(workspace, "node_modules/@types")];
  const sources = ["--ignoreConfig", "src/index.ts", "src/index.test.ts"];
  await run(process.execPath, [tsc, ...sources, ...options, ...more, ...roots], { cwd: folder });
  const tested = await run(process.execPath, ["--test", "tested/index.test.js"], { cwd: folder });
  expect(tested.stdout).toMatch(/^. fail 0$/m);
  expect(tested.stdout).toMatch(/^. pass 1[3-9]$/m);

  const untrusted = await azid(["plugin", "verify"], folder);
  expect(untrusted.code).toBe(4);
  const entry = join(folder, "dist/index.js");
  expect(untrusted.stderr).toContain(`azid trust --config ${entry}`);
  expect((await azid(["trust", "--yes", "--config", entry])).code).toBe(0);
  const verified = await azid(["plugin", "verify", "--json"], folder);
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ entry, sound: true });

  writeFileSync(entry, `${readFileSync(entry, "utf8")}\n// changed\n`);
  expect((await azid(["plugin", "verify"], folder)).code).toBe(4);
});

it("a plugin with a fault is shown with its remedy, and ends with 1", async () => {
  const file = join(root, "faulty.mjs");
  writeFileSync(file, 'export default { name: "faulty", contract: 1, sources: [{ name: "a" }] };');
  await azid(["trust", "--yes", "--config", file]);
  const { code, stdout } = await azid(["plugin", "verify", file]);
  expect(code).toBe(1);
  expect(stdout).toContain("problem shape");
  expect(stdout).toContain("docs/write-a-plugin.md");
});

it.each([
  [["plugin", "verify", "no-such-folder"], 1, "Name its folder, or its module."],
  [["plugin", "verify", "--options", "no-such-file"], 1, "There is no plugin"],
  [["plugin", "new", "Team Broker"], 2, "Write it like team-broker"],
  [["plugin", "new", "@azidentity/plugin-mine"], 2, "not in @azidentity"],
  [["plugin", "new"], 2, "azid plugin new --help"],
])("azid %j says what to do", async (words, code, text) => {
  const ended = await azid(words);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(text);
});

it("a folder that exists is left as it is", async () => {
  const folder = join(root, "azidentity-mine");
  mkdirSync(folder);
  const { code, stderr } = await azid(["plugin", "new", "mine"]);
  expect(code).toBe(2);
  expect(stderr).toContain("exists already");
  expect(existsSync(join(folder, "package.json"))).toBe(false);
});

it("a module that fails while it is loaded is an error that names it", async () => {
  const file = join(root, "broken.mjs");
  writeFileSync(file, 'import "no-such-package"; export default {};');
  await azid(["trust", "--yes", "--config", file]);
  const { code, stderr } = await azid(["plugin", "verify", file]);
  expect(code).toBe(1);
  expect(stderr).toContain("no-such-package");
});
