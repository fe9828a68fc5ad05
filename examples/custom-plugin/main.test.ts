import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("a source of our own gets a token from a command, after one that is not installed", async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, "main.ts")], { timeout: 30_000 });

  expect(stdout).toMatch(/^token-command: not-installed .*contoso-login is not on PATH\./m);
  expect(stdout).toMatch(/^token-command: token after \d+ ms/m);
  expect(stdout).toContain("username: 'alex@contoso.example'");
});

test("the example never prints the token", async () => {
  const { stdout, stderr } = await run(process.execPath, [join(import.meta.dirname, "main.ts")], { timeout: 30_000 });

  expect(stdout + stderr).not.toMatch(/eyJ|opens nothing/);
});

test("the source fits in 25 lines of code", () => {
  const text = readFileSync(join(import.meta.dirname, "token-command.ts"), "utf8");
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/\/\/.*/g, "");

  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(25);
});
