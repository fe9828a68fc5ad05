import { expect, test } from "vitest";
import { runExample, showsToken } from "../support/run-example.ts";

const { status, signal, stdout, output } = runExample(import.meta.dirname, { SSH_TTY: "/dev/pts/0" });
const [desk = "", again = "", ssh = ""] = stdout.split("\n\n");

test("the example succeeds", () => {
  expect({ status, signal }, output).toEqual({ status: 0, signal: null });
});

test("at a desk the user signs in with the browser, and is greeted by name", () => {
  expect(desk).toContain("which then shows: You are signed in)");
  expect(desk).toMatch(/^ {2}\| Hello, Ann!$/m);
});

test("the second run prompts no user and sends no request to Entra ID", () => {
  expect(again).toBe("Once more:\n  | Hello, Ann!\n  (requests to Entra ID: 0)");
});

test("over SSH the user signs in with a code on another device", () => {
  expect(ssh).toMatch(/^ {2}\| .*enter the code \S+/m);
  expect(ssh).toMatch(/^ {2}\| Hello, Ann!$/m);
});

test("the example greets the user three times, and shows no token", () => {
  expect(output.match(/Hello, Ann!/g)).toHaveLength(3);
  expect(showsToken(output)).toBe(false);
});
