import { expect, it } from "vitest";
import { inFolder } from "./in-folder.ts";

it("leaves a command alone when the account lives where the tool looks by itself", () => {
  expect(inFolder("AZURE_CONFIG_DIR", undefined, "az login")).toBe("az login");
});

it.each([
  ["linux", "/home/ann/my project", 'AZURE_CONFIG_DIR="/home/ann/my project" az login'],
  ["win32", "C:\\ann", '$env:AZURE_CONFIG_DIR="C:\\ann"; az login'],
])("names the folder as the shells of %s take it", (platform, folder, command) => {
  expect(inFolder("AZURE_CONFIG_DIR", folder, "az login", platform)).toBe(command);
});
