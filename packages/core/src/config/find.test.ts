import { chmodSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder, writeFiles } from "../../test/temp-folder.ts";
import { ConfigurationError } from "../contract/errors.ts";
import { configNames, findConfig, loadConfigFile, searchFolder } from "./find.ts";

const json = (value: unknown) => JSON.stringify(value);
const esm = json({ type: "module" });
const commonJs = json({ type: "commonjs" });

describe("findConfig", () => {
  it("takes the first of the names, in the order in which they are documented", async () => {
    expect(configNames.slice(0, 3)).toEqual(["azidentity.config.ts", "azidentity.config.mts", "azidentity.config.js"]);
    const data = configNames.filter((name) => /(json|ya?ml|rc)$/.test(name));
    const folder = tempFolder(Object.fromEntries(data.map((name) => [name, json({ tenantId: name })])));
    expect(await findConfig(folder)).toEqual({ file: join(folder, data[0] as string), value: { tenantId: data[0] } });
  });

  it("reads package.json#azidentity when there is no file of its own", async () => {
    const manifest = json({ name: "p", azidentity: { tenantId: "t" } });
    const folder = tempFolder({ "package.json": manifest });
    expect(await findConfig(folder)).toEqual({ file: join(folder, "package.json"), value: { tenantId: "t" } });
    writeFiles(folder, { ".azidentityrc": "tenantId: other" });
    expect(await findConfig(folder)).toEqual({ file: join(folder, ".azidentityrc"), value: { tenantId: "other" } });
  });

  it.each([
    ["an empty folder", {}],
    ["a package.json without a word of us", { "package.json": json({ name: "p" }) }],
    ["a broken package.json", { "package.json": "{" }],
    ["a config in a folder below", { "config/azidentity.config.json": "{}" }],
  ])("finds none in %s", async (_, files) => {
    expect(await findConfig(tempFolder(files))).toBeUndefined();
  });

  it("finds none in a folder that is not there, and does not look above", async () => {
    const folder = tempFolder({ "azidentity.config.json": "{}" });
    expect(await findConfig(join(folder, "none"))).toBeUndefined();
    mkdirSync(join(folder, "below"));
    expect(await findConfig(join(folder, "below"))).toBeUndefined();
  });
});

describe("loadConfigFile", () => {
  it.each([
    ["c.json", '{ "tenantId": "t" }', esm],
    ["c.yaml", "tenantId: t", esm],
    ["c.yml", "tenantId: t", esm],
    [".azidentityrc", "tenantId: t", esm],
    ["c.js", 'export default { tenantId: "t" };', esm],
    ["c.js", 'module.exports = { tenantId: "t" };', commonJs],
    ["c.mjs", 'export default { tenantId: "t" };', commonJs],
    ["c.cjs", 'module.exports = { tenantId: "t" };', esm],
    ["c.ts", 'const id: string = "t"; export default { tenantId: id };', esm],
    ["c.mts", 'const id: string = "t"; export default { tenantId: id };', commonJs],
  ])("loads %s (%s), and writes nothing beside it", async (name, text, manifest) => {
    const folder = tempFolder({ [name]: text, "package.json": manifest });
    expect((await loadConfigFile(join(folder, name))).value).toEqual({ tenantId: "t" });
    expect(readdirSync(folder).sort()).toEqual([name, "package.json"].sort());
  });

  const bad: readonly (readonly [string, string, string, string])[] = [
    ["c.json", "", esm, "config-empty"],
    ["c.json", "null", esm, "config-empty"],
    ["c.yaml", "", esm, "config-empty"],
    ["c.js", "", esm, "config-empty"],
    ["c.json", "{", esm, "config-malformed"],
    ["c.yaml", "[1", esm, "config-malformed"],
    ["c.ts", "export default {", esm, "config-malformed"],
    ["c.ts", "enum A { B }\nexport default {};", esm, "config-malformed"],
    ["c.js", 'throw new Error("its own fault")', esm, "config-malformed"],
    ["c.cjs", "throw null", esm, "config-malformed"],
    ["c.mjs", 'import "not-installed"; export default {};', esm, "config-malformed"],
    ["c.ts", "export default { a: 1 } as const;", commonJs, "config-module-kind"],
    ["c.ts", 'import { join } from "node:path";\nexport default { join };', commonJs, "config-module-kind"],
    ["c.js", "export default {};", commonJs, "config-module-kind"],
  ];
  it.each(bad)("refuses %s that holds %j (%s): %s", async (name, text, manifest, code) => {
    const file = join(tempFolder({ [name]: text, "package.json": manifest }), name);
    const failed = loadConfigFile(file);
    await expect(failed).rejects.toBeInstanceOf(ConfigurationError);
    await expect(failed).rejects.toMatchObject({ code, file });
  });

  it.each([
    ["c.ts", ".mts"],
    ["c.js", ".mjs"],
  ])("says what to rename a %s to that is an ES module in a CommonJS package: %s", async (name, ending) => {
    const folder = tempFolder({ [name]: "export default {};", "package.json": commonJs });
    await expect(loadConfigFile(join(folder, name))).rejects.toThrow(`Rename it to ${ending}`);
  });

  it("says what is wrong in a JSON or YAML file, without quoting what may be a secret", async () => {
    const folder = tempFolder({
      "c.json": '{ "clientSecret": c4n4ry }',
      "d.json": '{ "clientSecret": "c4n4ry" "b": 1 }',
      "c.yaml": "clientSecret: c4n4ry\n b: : c",
    });
    for (const [name, reason] of [
      ["c.json", "JSON"],
      ["d.json", "JSON"],
      ["c.yaml", "indentation"],
    ] as const) {
      const error = (await loadConfigFile(join(folder, name)).catch((one: unknown) => one)) as Error;
      expect(error.message).toContain(reason);
      expect(`${error.message} ${error.cause}`).not.toMatch(/c4n/);
    }
  });

  it("passes on what the config itself threw", async () => {
    const folder = tempFolder({ "c.mjs": 'throw new Error("its own fault");' });
    await expect(loadConfigFile(join(folder, "c.mjs"))).rejects.toMatchObject({
      message: expect.stringContaining("its own fault"),
      cause: expect.objectContaining({ message: "its own fault" }),
    });
  });

  it("names a file that is not there, and what may have named it", async () => {
    const file = join(tempFolder(), "none.json");
    await expect(loadConfigFile(file)).rejects.toMatchObject({ code: "config-not-found", file });
    await expect(loadConfigFile(file)).rejects.toThrow("AZIDENTITY_CONFIG");
  });

  it("refuses a folder", async () => {
    const folder = tempFolder({ "c.json/inside": "" });
    await expect(loadConfigFile(join(folder, "c.json"))).rejects.toMatchObject({ code: "config-unreadable" });
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "refuses a file that it may not read",
    async () => {
      const file = join(tempFolder({ "c.json": "{}" }), "c.json");
      chmodSync(file, 0);
      await expect(loadConfigFile(file)).rejects.toMatchObject({ code: "config-unreadable", file });
    },
  );
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
