import { spawnSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { loadInstalledPlugins, loadPlugins } from "./load.ts";
import { officialPlugins } from "./official.ts";

const esm = (name: string) => `export default { name: "${name}", contract: 1 };`;
const commonJs = (name: string) => `module.exports = { name: "${name}", contract: 1 };`;
const manifest = (fields: object) => JSON.stringify(fields);

/** A project with packages in its node_modules. */
function project(
  packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
  own: Record<string, string> = {},
) {
  const installed = Object.entries(packages).flatMap(([name, files]) =>
    Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text] as const),
  );
  return tempFolder({ "package.json": "{}", ...own, ...Object.fromEntries(installed) });
}
const importModule = async <T>(file: string, read: (module: unknown) => T | Promise<T>) =>
  read(await import(/* @vite-ignore */ pathToFileURL(file).href));
const trustAll = () => undefined;
const names = async (inputs: readonly unknown[], folder: string) =>
  (await loadPlugins(inputs, () => folder, importModule, trustAll)).map(({ name }) => name);

it("a plugin given as a value is checked", async () => {
  expect(await names([{ name: "mine", contract: 1 }], "/nowhere")).toEqual(["mine"]);
  await expect(loadPlugins([{}], () => "/nowhere", importModule, trustAll)).rejects.toMatchObject({
    code: "invalid-plugin",
  });
});

const packages: readonly (readonly [string, Record<string, string>])[] = [
  ["an ESM package", { "package.json": manifest({ type: "module", exports: "./p.js" }), "p.js": esm("p") }],
  [
    "an ESM package for import alone",
    { "package.json": manifest({ exports: { import: "./p.mjs" } }), "p.mjs": esm("p") },
  ],
  [
    "one that has it for its main entry point",
    { "package.json": manifest({ exports: { ".": { import: "./p.mjs" }, "./x": "./x.js" } }), "p.mjs": esm("p") },
  ],
  [
    "one with conditions inside conditions",
    {
      "package.json": manifest({
        exports: { ".": [{ browser: "./no.js", node: { import: { default: "./p.mjs" } } }] },
      }),
      "p.mjs": esm("p"),
    },
  ],
  [
    "one with types beside",
    {
      "package.json": manifest({ exports: { ".": { import: { types: "./p.d.ts", default: "./p.mjs" } } } }),
      "p.mjs": esm("p"),
    },
  ],
  ["a CommonJS package", { "package.json": manifest({ main: "p.js" }), "p.js": commonJs("p") }],
  ["a package without a main", { "package.json": "{}", "index.js": commonJs("p") }],
  [
    "a CommonJS package compiled from ESM",
    { "package.json": "{}", "index.js": `exports.__esModule = true; exports.default = { name: "p", contract: 1 };` },
  ],
];
it.each(packages)("loadPlugins loads %s by its npm name", async (_, files) => {
  expect(await names(["@scope/p"], project({ "@scope/p": files }))).toEqual(["p"]);
});

it("loadPlugins loads an entry point of a package that has it for import alone", async () => {
  const exports = { ".": { import: "./p.mjs" }, "./inner": { import: "./inner.mjs" } };
  const files = { "package.json": manifest({ exports }), "p.mjs": esm("p"), "inner.mjs": esm("inner") };
  const folder = project({ "@scope/p": files });
  expect(await names(["@scope/p/inner", "@scope/p"], folder)).toEqual(["inner", "p"]);
  await expect(names(["@scope/p/none"], folder)).rejects.toMatchObject({ code: "unknown-plugin" });
});

it("loadPlugins resolves paths against the folder and keeps the order", async () => {
  const folder = project({}, { "a.mjs": esm("a"), "inner/b.cjs": commonJs("b"), "c.mts": esm("c") });
  expect(await names(["./c.mts", "./a.mjs", "./inner/b.cjs"], folder)).toEqual(["c", "a", "b"]);
  expect(await names(["../a.mjs"], join(folder, "inner"))).toEqual(["a"]);
});

it("loadPlugins resolves packages against the folder, not the working directory", async () => {
  const files = { "package.json": "{}", "index.js": commonJs("p") };
  const folder = project({ p: files }, { "config/c.json": "{}" });
  expect(await names(["p"], join(folder, "config"))).toEqual(["p"]);
  await expect(names(["p"], tempFolder())).rejects.toMatchObject({ code: "unknown-plugin" });
});

/**
 * Loads in a program of its own, where modules are Node's alone; prints the name of each plugin, or
 * the code of its error.
 */
function loadInNode(inputs: readonly string[], folder: string, env: NodeJS.ProcessEnv = {}): string[] {
  const script = `
    const { pathToFileURL } = await import("node:url");
    const { loadPlugins } = await import(${JSON.stringify(new URL("./load.ts", import.meta.url).href)});
    for (const name of ${JSON.stringify(inputs)})
      await loadPlugins([name], () => ${JSON.stringify(folder)}, (file, read) => import(pathToFileURL(file).href).then(read), () => {}).then(([{ name }]) => console.log(name), ({ code }) => console.log(code));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return stdout.trim().split("\n");
}

it("loadPlugins loads every kind of package in Node without a bundler or test runner", () => {
  const named = packages.map(([, files], n) => [`p${n}`, files] as const);
  const loaded = loadInNode(
    named.map(([name]) => name),
    project(Object.fromEntries(named)),
  );
  expect(loaded).toEqual(packages.map(() => "p"));
});

it("loadPlugins finds neither packages in NODE_PATH nor modules of Node", () => {
  const elsewhere = tempFolder({ "strange/package.json": "{}", "strange/index.js": commonJs("strange") });
  const codes = loadInNode(["strange", "fs", "node:fs"], tempFolder(), { NODE_PATH: elsewhere });
  expect(codes).toEqual(["unknown-plugin", "unknown-plugin", "unknown-plugin"]);
});

describe("before a plugin is loaded", () => {
  const load = async (input: string, folder: string) => {
    const judged: string[] = [];
    await loadPlugins(
      [input],
      () => folder,
      importModule,
      (path) => judged.push(path),
    );
    return judged;
  };

  it("its file is checked by the path that names it and by the target of a link", async () => {
    const folder = project({}, { "a.mjs": esm("a"), "b/real.js": commonJs("b") });
    expect(await load("./a.mjs", folder)).toEqual([join(folder, "a.mjs")]);
    symlinkSync(join(folder, "b"), join(folder, "c"));
    expect(await load("./c/real", folder)).toEqual([join(folder, "c/real"), join(folder, "b/real.js")]);
  });

  it("its package is checked by the node_modules in which it was found", async () => {
    const folder = project({ p: { "package.json": "{}", "index.js": commonJs("p") } }, { "a/node_modules/q/x.js": "" });
    expect(await load("p", join(folder, "a"))).toEqual([join(folder, "node_modules")]);
    expect(await load("p/index", join(folder, "a"))).toEqual([join(folder, "node_modules")]);
  });

  it("a failed check keeps it from running, named or installed", async () => {
    const name = "@azidentity/plugin-entra";
    const folder = project({ [name]: { "package.json": "{}", "index.js": "globalThis.ranUnjudged = true;" } });
    const refuse = () => {
      throw new RangeError("refused");
    };
    await expect(loadPlugins([name], () => folder, importModule, refuse)).rejects.toThrow(RangeError);
    await expect(loadInstalledPlugins(folder, importModule, refuse)).rejects.toThrow(RangeError);
    expect(globalThis).not.toHaveProperty("ranUnjudged");
  });
});

describe("a plugin that is not installed", () => {
  const load = (name: string) => loadPlugins([name], () => tempFolder(), importModule, trustAll);

  it("a plugin that is not installed is named with the command that installs it", async () => {
    await expect(load("my-plugin")).rejects.toMatchObject({ code: "unknown-plugin", path: "plugins" });
    await expect(load("my-plugin")).rejects.toThrow("npm install my-plugin");
    await expect(load("@azidentity/plugin-entra")).rejects.toThrow(/npm install @azidentity\/plugin-entra\.$/);
  });

  it("a plugin that is not installed gets a suggestion when its name resembles an official one", async () => {
    await expect(load("@azidentity/plugin-enta")).rejects.toThrow('Did you mean "@azidentity/plugin-entra"?');
  });

  it.each(["entra", "plugin-entra", "@azidentity/entra", "azidentity-plugin-entra"])(
    "a plugin that is named %s gets the official name, and no advice to install a package of that name",
    async (name) => {
      const error = await load(name).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code: "unknown-plugin" });
      const { message } = error as Error;
      expect(message).toMatch(/Name it "@azidentity\/plugin-entra"; .*: npm install @azidentity\/plugin-entra$/);
    },
  );

  it("a plugin that is not installed gets no command to install when it is a path", async () => {
    await expect(load("./none.js")).rejects.toMatchObject({ code: "unknown-plugin" });
    await expect(load("./none.js")).rejects.not.toThrow("npm install");
  });
});

describe("a plugin that does not load", () => {
  const load = (text: string) => loadPlugins(["./p.mjs"], () => project({}, { "p.mjs": text }), importModule, trustAll);

  it("a plugin that does not load is named with its own reason and cause", async () => {
    const failed = load('throw new Error("no heart\\nsecond line");');
    await expect(failed).rejects.toMatchObject({ code: "plugin-load-failed", path: "plugins" });
    await expect(failed).rejects.toMatchObject({ cause: expect.objectContaining({ message: expect.any(String) }) });
    await expect(failed).rejects.toThrow(/The plugin \.\/p\.mjs failed .*: no heart (?!second)/);
  });

  it.each([
    ["throws what is no error", "throw 5;"],
    ["is no JavaScript", "export default {"],
    ["imports what is not there", 'import "not-installed";'],
  ])("a plugin that does not load is named when it %s", async (_, text) => {
    await expect(load(text)).rejects.toMatchObject({ code: "plugin-load-failed" });
  });

  it.each([
    ["no default export", "export const plugin = { name: 'p', contract: 1 };"],
    ["a default export that is no plugin", "export default () => {};"],
    ["null", "export default null;"],
  ])("a plugin that does not load is refused when it has %s", async (_, text) => {
    await expect(load(text)).rejects.toMatchObject({ code: "invalid-plugin" });
    await expect(load(text)).rejects.toThrow("./p.mjs");
  });
});

describe("without a config", () => {
  const installed = (name: string) => ({ [name]: { "package.json": "{}", "index.js": commonJs(name) } });

  it("the installed official plugins are loaded and no others", async () => {
    const folder = project({
      ...installed("@azidentity/plugin-dev-tools"),
      ...installed("@azidentity/plugin-entra"),
      ...installed("@azidentity/plugin-evil"),
      ...installed("azidentity-plugin-evil"),
    });
    const loaded = await loadInstalledPlugins(folder, importModule, trustAll);
    expect(loaded.map(({ name }) => name)).toEqual(["@azidentity/plugin-entra", "@azidentity/plugin-dev-tools"]);
    expect(officialPlugins()).toContain("@azidentity/plugin-cache-persist");
  });

  it("no plugin is loaded where none is installed", async () => {
    expect(await loadInstalledPlugins(tempFolder(), importModule, trustAll)).toEqual([]);
  });

  describe("where Deno may read the project alone", () => {
    const load = (folder: string) =>
      loadInstalledPlugins(folder, importModule, trustAll, (path) => {
        if (path.startsWith(folder)) return existsSync(path);
        const message = 'Requires read access to "/", run again with the --allow-read flag';
        throw Object.assign(new Error(message), { name: "NotCapable" });
      });

    it("the plugins of the project are loaded, and others are not searched above it", async () => {
      const loaded = await load(project(installed("@azidentity/plugin-entra")));
      expect(loaded.map(({ name }) => name)).toEqual(["@azidentity/plugin-entra"]);
    });

    it("a project without plugins is an error that has the flag", async () => {
      await expect(load(tempFolder())).rejects.toThrow("--allow-read");
    });
  });

  it("an installed plugin that does not load is an error", async () => {
    const broken = { "package.json": "{}", "index.js": 'throw new Error("broken")' };
    const folder = project({ "@azidentity/plugin-entra": broken });
    await expect(loadInstalledPlugins(folder, importModule, trustAll)).rejects.toMatchObject({
      code: "plugin-load-failed",
    });
  });
});
