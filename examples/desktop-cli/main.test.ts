import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** The example in a process of its own, on a machine that is somebody else already and in an SSH session itself. */
const run = spawnSync(process.execPath, ["main.ts"], {
  cwd: import.meta.dirname,
  encoding: "utf8",
  timeout: 60_000,
  env: { ...process.env, FORCE_COLOR: undefined, AZURE_CLIENT_ID: "somebody-else", SSH_TTY: "/dev/pts/0" },
});
const output = run.stdout + run.stderr;
const [desk = "", again = "", ssh = ""] = run.stdout.split("\n\n");

test("the example succeeds", () => {
  expect(run, output).toMatchObject({ status: 0, signal: null });
});

test("at a desk a person signs in by the browser, and is greeted by name", () => {
  expect(desk).toContain("and it says: You are signed in)");
  expect(desk).toMatch(/^ {2}\| Hello, Ann!$/m);
});

test("the second time nobody is asked, neither the person nor Entra ID", () => {
  expect(again).toBe("Once more:\n  | Hello, Ann!\n  (asked Entra ID: 0)");
});

test("over SSH the person signs in by a code on another device", () => {
  expect(ssh).toMatch(/^ {2}\| .*enter the code \S+/m);
  expect(ssh).toMatch(/^ {2}\| Hello, Ann!$/m);
});

test("no token is shown", () => {
  expect(output).not.toContain("eyJ");
});
