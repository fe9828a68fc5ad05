import { expect, it } from "vitest";
import { singleExecutable } from "./single-executable.ts";

const execPath = "/opt/tool/bin/tool";

it.each([["/$bunfs/root/tool"], ["B:\\~BUN\\root\\tool.exe"], ["B:/~BUN/root/tool.exe"]])(
  "A program that Bun has put into its executable (%s) is that executable",
  (script) => {
    expect(singleExecutable({ argv: ["bun", script], execPath }, () => false)).toBe(execPath);
  },
);

it("A program that Node.js has put into its executable is that executable, and not what was typed", () => {
  expect(singleExecutable({ argv: [execPath, "tool"], execPath }, () => true)).toBe(execPath);
});

it("A program that a runtime was started with is in no executable", () => {
  for (const argv of [["node", "/p/main.js"], ["node", "/p/~BUN/main.js"], ["node"]])
    expect(singleExecutable({ argv, execPath })).toBeUndefined();
});
