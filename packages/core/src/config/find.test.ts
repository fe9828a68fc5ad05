import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { configNames, findConfigFile } from "./find.ts";

const json = (value: unknown) => JSON.stringify(value);

describe("findConfigFile", () => {
  it("takes the first of the names, in the order in which they are documented", () => {
    expect(configNames.slice(0, 3)).toEqual(["azidentity.config.ts", "azidentity.config.mts", "azidentity.config.js"]);
    const folder = tempFolder(Object.fromEntries(configNames.map((name) => [name, ""])));
    expect(findConfigFile(folder)).toBe(join(folder, configNames[0] as string));
  });

  it("takes package.json when it has our key, and no file of its own is there", () => {
    const folder = tempFolder({ "package.json": json({ name: "p", azidentity: { tenantId: "t" } }) });
    expect(findConfigFile(folder)).toBe(join(folder, "package.json"));
    writeFiles(folder, { ".azidentityrc": "tenantId: other" });
    expect(findConfigFile(folder)).toBe(join(folder, ".azidentityrc"));
  });

  it.each([
    ["an empty folder", {}],
    ["a package.json without a word of us", { "package.json": json({ name: "p" }) }],
    ["a broken package.json", { "package.json": "{" }],
    ["a config in a folder below", { "config/azidentity.config.json": "{}" }],
  ])("finds none in %s", (_, files) => {
    expect(findConfigFile(tempFolder(files))).toBeUndefined();
  });

  it("finds none in a folder that is not there, and does not look above", () => {
    const folder = tempFolder({ "azidentity.config.json": "{}" });
    expect(findConfigFile(join(folder, "none"))).toBeUndefined();
    mkdirSync(join(folder, "below"));
    expect(findConfigFile(join(folder, "below"))).toBeUndefined();
  });
});
