import { expect, it } from "vitest";
import { inFolder } from "./tool.ts";

it("a command is unchanged for an account in the tool's own folder", () => {
  expect(inFolder("AZURE_CONFIG_DIR", undefined, "az login")).toBe("az login");
});

it.each([
  ["linux", "/home/ann/my project", 'AZURE_CONFIG_DIR="/home/ann/my project" az login'],
  ["win32", "C:\\ann", '$env:AZURE_CONFIG_DIR="C:\\ann"; az login'],
])("a command sets the folder in the syntax of the shells of %s", (platform, folder, command) => {
  expect(inFolder("AZURE_CONFIG_DIR", folder, "az login", platform)).toBe(command);
});
