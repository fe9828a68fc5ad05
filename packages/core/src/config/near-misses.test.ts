import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { configNames } from "./find.ts";
import { findNearMiss, properName } from "./near-misses.ts";

const manifest = { "package.json": '{ "name": "p" }' };

/**
 * The near miss in a project with these files, as path, start of the remedy, and whether it
 * is likely.
 */
function nearMiss(files: Readonly<Record<string, string>>, script = "dist/main.js", folder = "") {
  const top = tempFolder({ ...manifest, [script]: "", ...files });
  const found = findNearMiss({ folder: join(top, folder), script: join(top, script) });
  return found && { file: found.file.slice(top.length + 1), remedy: found.remedy, likely: found.likely };
}

it.each([
  ["azidentity.config.cts", "azidentity.config.mts"],
  ["azidentity.config.jsonc", "azidentity.config.json"],
  ["azidentity.config.toml", "azidentity.config.yaml"],
  ["azidentity.json", "azidentity.config.json"],
  [".azidentity.json", "azidentity.config.json"],
  ["azidentity.yml", "azidentity.config.yml"],
  ["azidentiy.config.ts", "azidentity.config.ts"],
  ["azidentity.conf.ts", "azidentity.config.ts"],
  ["azdientity.confg.json", "azidentity.config.json"],
  ["azidentity-config.js", "azidentity.config.js"],
  ["AzIdentity.Config.TS", "azidentity.config.ts"],
  ["azure-identity.config.ts", "azidentity.config.ts"],
  ["azidentity.config", "azidentity.config.json"],
  ["azidentityrc", ".azidentityrc"],
  [".azidentiyrc", ".azidentityrc"],
  ["azidentityrc.yaml", ".azidentityrc.yaml"],
])("properName suggests for %s the name %s", (name, proper) => {
  expect(properName(name)).toBe(proper);
  expect(configNames).toContain(proper);
  expect(nearMiss({ [name]: "" })).toEqual({ file: name, remedy: `rename it to ${proper}`, likely: true });
});

it.each([
  "identity.config.ts",
  "identity.json",
  "my-identity.config.ts",
  "azidentity.ts",
  "azidentity.md",
  "azidentity.log",
  "azidentity.schema.json",
  "azidentity.config.d.ts",
  "azidentity.config.ts~",
  "azidentity.config.ts.bak",
  "azidentity.config.example.json",
  "azidentity.config.test.ts",
  "azure.config.json",
  "README.md",
])("properName suggests nothing for %s", (name) => {
  expect(properName(name)).toBeUndefined();
  expect(nearMiss({ [name]: "" })).toBeUndefined();
});

it("a folder is not reported as a near miss", () => {
  const top = tempFolder(manifest);
  mkdirSync(join(top, "azidentity.config"));
  expect(findNearMiss({ folder: top, script: undefined })).toBeUndefined();
});

it.each([
  "config/azidentity.config.ts",
  ".config/azidentity.config.json",
  "src/azidentity.config.mts",
  "dist/.azidentityrc",
])("a config in a folder that is not searched is reported: %s", (file) => {
  expect(nearMiss({ [file]: "" })).toMatchObject({ file, remedy: expect.stringMatching(/^move it to /), likely: true });
});

it.each([
  ['{ "azIdentity": {} }', 'rename its field "azIdentity" to "azidentity"'],
  ['{ "azidentiy": {} }', 'rename its field "azidentiy" to "azidentity"'],
  ['{ "azidentity": {}, }', "correct its JSON"],
])("a package.json with a misspelled field is reported: %s", (text, remedy) => {
  expect(nearMiss({ "package.json": text })).toEqual({ file: "package.json", remedy, likely: true });
});

it("an ordinary project has no near miss", () => {
  expect(nearMiss({ "src/main.ts": "", "config/default.json": "{}", ".config/x.json": "{}" })).toBeUndefined();
});

describe("a config above the folder of the program", () => {
  const config = { "azidentity.config.json": "{}" };

  it("a config above the folder of the program is reported as unlikely when there is a package between", () => {
    const files = { ...config, "packages/app/package.json": '{ "name": "app" }' };
    expect(nearMiss(files, "packages/app/main.js", "packages/app")).toMatchObject({
      file: "azidentity.config.json",
      likely: false,
    });
  });

  it("a config above the folder of the program is not reported when it belongs to no workspace", () => {
    const top = tempFolder({ ...config, "app/package.json": '{ "name": "app" }', "app/main.js": "" });
    expect(findNearMiss({ folder: join(top, "app"), script: join(top, "app/main.js") })).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")(
    "a config above the folder of the program is reported as likely when the search ended below it",
    () => {
      const top = tempFolder({ ...manifest, ...config, "app/main.js": "" });
      chmodSync(top, 0o777);
      const found = findNearMiss({ folder: join(top, "app"), script: join(top, "app/main.js") });
      expect(found).toMatchObject({ file: join(top, "azidentity.config.json"), likely: true });
    },
  );
});
