import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { configNames, entryScript, findConfigFile, searchFolder } from "./find.ts";

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

describe("searchFolder", () => {
  const elsewhere = "/somebody-elses-checkout";
  const of = (folder: string, entry: string) => searchFolder(join(folder, entry), elsewhere);

  it("is the nearest package at or above the entry script", () => {
    const folder = tempFolder({
      "package.json": "{}",
      "src/deep/main.js": "",
      "inner/package.json": "{}",
      "inner/a.js": "",
    });
    expect(of(folder, "src/deep/main.js")).toBe(folder);
    expect(of(folder, "inner/a.js")).toBe(join(folder, "inner"));
  });

  it("is the project around node_modules for a program inside, however deep", () => {
    const tool = ".pnpm/tool@1.0.0/node_modules/tool";
    const folder = tempFolder({
      "package.json": "{}",
      [`node_modules/${tool}/package.json`]: "{}",
      [`node_modules/${tool}/bin.js`]: "",
      "node_modules/outer/package.json": "{}",
      "node_modules/outer/node_modules/tool/package.json": "{}",
      "node_modules/outer/node_modules/tool/bin.js": "",
    });
    expect(of(folder, `node_modules/${tool}/bin.js`)).toBe(folder);
    expect(of(folder, "node_modules/outer/node_modules/tool/bin.js")).toBe(folder);
  });

  it.skipIf(process.platform === "win32")("follows the link that a package manager puts in .bin", () => {
    const folder = tempFolder({
      "package.json": "{}",
      "node_modules/tool/package.json": "{}",
      "node_modules/tool/bin.js": "",
    });
    const outside = tempFolder({ "package.json": "{}" });
    symlinkSync(join(folder, "node_modules/tool/bin.js"), join(outside, "tool.js"));
    expect(of(outside, "tool.js")).toBe(folder);
  });

  it("knows the entry that Node was given as a folder, or without its ending", () => {
    const folder = tempFolder({ "package.json": json({ main: "dist/main.js" }), "dist/main.js": "" });
    expect(searchFolder(folder, elsewhere)).toBe(folder);
    expect(of(folder, "dist/main")).toBe(folder);
  });

  it("is the folder of a script that no package owns", () => {
    const folder = tempFolder({ "main.js": "" });
    expect(of(folder, "main.js")).toBe(folder);
    expect(dirname(folder)).not.toBe(folder);
  });

  it("is the working directory without an entry script, or with one that is no file", () => {
    expect(searchFolder(undefined, elsewhere)).toBe(elsewhere);
    expect(searchFolder("/nowhere/[eval]", elsewhere)).toBe(elsewhere);
  });
});

it.skipIf(process.platform === "win32")("belongs to the package that a program is linked into from a store", () => {
  const folder = tempFolder({
    "package.json": "{}",
    "node_modules/.pnpm/tool@1/node_modules/tool/bin.js": "",
    "packages/app/package.json": "{}",
    "packages/app/node_modules/none": "",
  });
  symlinkSync(
    join(folder, "node_modules/.pnpm/tool@1/node_modules/tool"),
    join(folder, "packages/app/node_modules/tool"),
  );
  const entry = join(folder, "packages/app/node_modules/tool/bin.js");
  expect(searchFolder(entry, "/elsewhere")).toBe(join(folder, "packages/app"));
});

describe("entryScript", () => {
  const node = { argv: ["node", "/p/main.js"], execArgv: [], versions: { node: "24.0.0" } };

  it("is what Node was given", () => {
    expect(entryScript(node)).toBe("/p/main.js");
    expect(entryScript({ ...node, execArgv: ["--import", "./hook.mjs", "--enable-source-maps"] })).toBe("/p/main.js");
    expect(entryScript({ ...node, argv: ["node"] })).toBeUndefined();
  });

  it.each(["-e", "-p", "-pe", "--eval", "--print", "--eval=1"])(
    "is none with %s: what follows is an argument",
    (flag) => {
      expect(entryScript({ ...node, execArgv: [flag, "1"] })).toBeUndefined();
    },
  );

  it("is the application in Electron, never the document that it was asked to open", () => {
    const resourcesPath = tempFolder({ "app.asar": "" });
    const started = { ...node, argv: ["App", "/downloads/evil/document.txt"], versions: { electron: "40.0.0" } };
    expect(entryScript({ ...started, resourcesPath })).toBe(join(resourcesPath, "app.asar"));
    expect(entryScript({ ...started, resourcesPath: tempFolder() })).toBeUndefined();
    expect(entryScript({ ...started, argv: ["electron", "/p"], defaultApp: true })).toBe("/p");
  });
});
