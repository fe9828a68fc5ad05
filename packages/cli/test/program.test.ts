/** The built command, as a user runs it. */
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { commands } from "../src/commands.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { program, runAzid } from "./run-azid.ts";

it("azid --version is the version of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));
  expect(await runAzid(["--version"])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: "" });
});

it.skipIf(process.platform === "win32")("a reader that closes its end early ends azid quietly", async () => {
  const line = `set -o pipefail; "$1" "$2" config schema | head -1`;
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", line, "bash", process.execPath, program]);
  expect({ stdout, stderr }).toEqual({ stdout: "{\n", stderr: "" });
});

it("azid works for an account without a home folder and without variables", async () => {
  const { code, stdout } = await runAzid(["--help"], { env: { HOME: "" } });
  expect(code).toBe(0);
  expect(stdout).toContain("Usage: azid");
});

it("docs/azid.md lists the exit codes", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/azid.md"), "utf8");
  const rows = [...page.matchAll(/^\| (\d+) +\| (.+?) +\|$/gm)].map(([, code, meaning]) => `${code} ${meaning}`);
  expect(rows).toEqual(Object.values(exitCodes).map(({ code, meaning }) => `${code} ${meaning}`));
});

it("docs/azid.md lists the codes of azid's own errors", () => {
  const folder = join(import.meta.dirname, "../src");
  const shared = ["project", "command-line", "scope", "prompts", "errors", "terminal"];
  const folders = [...shared, ...commands.map(({ name }) => name.split(" ")[0])];
  const sources = globSync(`{${folders.join(",")}}/**/*.ts`, { cwd: folder }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  const texts = sources.map((file) => readFileSync(join(folder, file), "utf8"));
  const thrown = texts.flatMap((text) =>
    [...text.matchAll(/new CommandError\(\s*"([a-z-]+)"/g)].map(([, code]) => code),
  );
  const page = readFileSync(join(import.meta.dirname, "../../../docs/azid.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([a-z-]+)` /gm)].map(([, code]) => code);
  expect(thrown.length).toBeGreaterThan(5);
  expect(thrown.filter((code) => !listed.includes(code))).toEqual([]);
});
