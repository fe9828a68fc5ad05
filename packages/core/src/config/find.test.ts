import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { configNames, findConfigFile } from "./find.ts";

const json = (value: unknown) => JSON.stringify(value);

describe("findConfigFile", () => {
  it("findConfigFile returns the first of the documented names", () => {
    expect(configNames.slice(0, 3)).toEqual(["azidentity.config.ts", "azidentity.config.mts", "azidentity.config.js"]);
    const folder = tempFolder(Object.fromEntries(configNames.map((name) => [name, ""])));
    expect(findConfigFile(folder)).toBe(join(folder, configNames[0] as string));
  });

  it("findConfigFile returns package.json when it has our key and there is no config file", () => {
    const folder = tempFolder({ "package.json": json({ name: "p", azidentity: { tenantId: "t" } }) });
    expect(findConfigFile(folder)).toBe(join(folder, "package.json"));
    writeFiles(folder, { ".azidentityrc": "tenantId: other" });
    expect(findConfigFile(folder)).toBe(join(folder, ".azidentityrc"));
  });

  it.each([
    ["an empty folder", {}],
    ["a package.json without our key", { "package.json": json({ name: "p" }) }],
    ["a broken package.json", { "package.json": "{" }],
    ["a config in a folder below", { "config/azidentity.config.json": "{}" }],
  ])("findConfigFile finds none in %s", (_, files) => {
    expect(findConfigFile(tempFolder(files))).toBeUndefined();
  });

  it("findConfigFile returns undefined for a folder that does not exist, and does not search above it", () => {
    const folder = tempFolder({ "azidentity.config.json": "{}" });
    expect(findConfigFile(join(folder, "none"))).toBeUndefined();
    mkdirSync(join(folder, "below"));
    expect(findConfigFile(join(folder, "below"))).toBeUndefined();
  });
});
