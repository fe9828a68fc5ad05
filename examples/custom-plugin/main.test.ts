import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, stdout, output } = runExample(import.meta.dirname);

test("The example's source gets a token from a command, after one that is not installed, and shows no token", () => {
  expect(status, output).toBe(0);
  expect(stdout).toMatch(/^token-command: not-installed .* contoso-login is not on PATH\./m);
  expect(stdout).toMatch(/^token-command: token after \d+ ms/m);
  expect(stdout).toContain("username: 'alex@contoso.example'");
  expect(showsToken(output)).toBe(false);
});

test("The example's source fits in 25 lines of code", () => {
  const text = readFileSync(join(import.meta.dirname, "token-command.ts"), "utf8");
  const code = text.replace(/\/\*.*?\*\//gs, "").replace(/ \/\/ .*/g, "");

  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(25);
});
