import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 30_000 });

const main = join(import.meta.dirname, "main.ts");
const env = { ...process.env, AZIDENTITY_CONFIG: undefined, FORCE_COLOR: undefined };
const runExample = () => promisify(execFile)(process.execPath, [main], { env, timeout: 30_000 });

test("a source of our own gets a token from a command, after one that is not installed", async () => {
  const { stdout } = await runExample();

  expect(stdout).toMatch(/^token-command: not-installed .* contoso-login is not on PATH\./m);
  expect(stdout).toMatch(/^token-command: token after \d+ ms/m);
  expect(stdout).toContain("username: 'alex@contoso.example'");
});

test("the example never prints the token", async () => {
  const { stdout, stderr } = await runExample();

  expect(stdout + stderr).not.toContain("eyJ");
});

test("the source fits in 25 lines of code", () => {
  const text = readFileSync(join(import.meta.dirname, "token-command.ts"), "utf8");
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/ \/\/ .*/g, "");

  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(25);
});
