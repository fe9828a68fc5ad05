import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importInNode } from "../../test/import-in-node.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { loadFile } from "./load-file.ts";

const json = (value: unknown) => JSON.stringify(value);
const esm = json({ type: "module" });
const commonJs = json({ type: "commonjs" });
const load = (file: string) => loadFile(file, importInNode);

describe("loadFile", () => {
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
  ])("loadFile loads %s (%s), and writes nothing beside it", async (name, text, manifest) => {
    const folder = tempFolder({ [name]: text, "package.json": manifest });
    expect(await load(join(folder, name))).toEqual({ tenantId: "t" });
    expect(readdirSync(folder).sort()).toEqual([name, "package.json"].sort());
  });

  const bad: readonly (readonly [string, string, string, string])[] = [
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
  it.each(bad)("loadFile refuses %s with the content %j (%s): %s", async (name, text, manifest, code) => {
    const file = join(tempFolder({ [name]: text, "package.json": manifest }), name);
    const failed = load(file);
    await expect(failed).rejects.toBeInstanceOf(ConfigurationError);
    await expect(failed).rejects.toMatchObject({ code, file });
  });

  const places: readonly (readonly [string, string, number, number])[] = [
    ["c.json", '{\n  "tenantId": x\n}', 2, 15],
    ["c.json", '{ "tenantId": "t",\n}', 2, 1],
    ["c.yaml", "tenantId: t\n  plugins: a: b", 2, 10],
    [".azidentityrc", "a: [1\nb: 2", 2, 1],
  ];
  it.each(places)("loadFile says where %s (%j) is malformed: line %i, column %i", async (name, text, line, column) => {
    const file = join(tempFolder({ [name]: text }), name);
    await expect(load(file)).rejects.toMatchObject({ code: "config-malformed", line, column });
    await expect(load(file)).rejects.toThrow(`${file}:${line}:${column} cannot be loaded: `);
  });

  const lines = (...text: readonly string[]) => text.join("\n");
  const brokenAt: readonly (readonly [string, string, string, number, number])[] = [
    ["c.cjs", lines("module.exports = {", "  tenantId x", "};"), esm, 2, 12],
    ["c.js", lines("module.exports = {", "  tenantId x", "};"), commonJs, 2, 12],
    ["c.cts", lines("const id: string = '';", "module.exports = {", "  tenantId x", "};"), esm, 3, 12],
    ["c.ts", lines("const id: string = '';", "export default {", "  tenantId x", "};"), esm, 3, 12],
    ["c.mts", lines("const id: string = '';", "export default {", "  tenantId x", "};"), commonJs, 3, 12],
    ["c.ts", lines("export default {};", "enum A { B }"), esm, 2, 1],
    ["c.mjs", lines("", 'import { nothing } from "node:fs";', "export default {};"), esm, 2, 10],
    ["c.mjs", lines("", '  throw new Error("own fault");'), esm, 2, 9],
    ["c.ts", lines("const id: string = '';", "export default { tenantId: it };"), esm, 2, 28],
    ["c.mjs", lines("const vault = {};", "export default { plugins: [vault()] };"), esm, 2, 28],
  ];
  it.each(brokenAt)(
    "loadFile says where %s (%j, %s) is broken: line %i, column %i",
    async (name, text, manifest, ...at) => {
      const file = join(tempFolder({ [name]: text, "package.json": manifest }), name);
      const [line, column] = at;
      await expect(load(file)).rejects.toMatchObject({ code: "config-malformed", line, column });
      await expect(load(file)).rejects.toThrow(`${file}:${line}:${column} cannot be loaded: `);
    },
  );

  it.each(["c.mjs", "c.js"])(
    "loadFile says which command shows the place of a syntax error in %s, an ES module",
    async (name) => {
      const file = join(tempFolder({ [name]: "export default {", "package.json": esm }), name);
      await expect(load(file)).rejects.toMatchObject({ remedy: `To see the whole error, run: node --check ${file}` });
    },
  );

  it("loadFile names the imported file that has a syntax error, and its place", async () => {
    const folder = tempFolder({ "c.mjs": 'import "./other.cjs"; export default {};', "other.cjs": "\nmodule exports" });
    const failed = load(join(folder, "c.mjs"));
    await expect(failed).rejects.toThrow(
      `c.mjs cannot be loaded: Unexpected identifier 'exports' (${folder}/other.cjs:2:8). `,
    );
    await expect(failed).rejects.toMatchObject({ line: undefined });
  });

  it("loadFile names the file by the path that it was given, also where that is a link", async () => {
    const folder = tempFolder({ "real/c.cjs": "\nmodule exports" });
    const file = join(folder, "c.cjs");
    symlinkSync(join(folder, "real/c.cjs"), file);
    await expect(load(file)).rejects.toThrow(`${file}:2:8 cannot be loaded: `);
  });

  it.each([
    ["c.mjs", "const vault = {}; export default { plugins: [vault()] };", "plugins: [vault]"],
    ["c.ts", 'import * as vault from "node:path"; export default { plugins: [vault.default()] };', "plugins: [vault]"],
  ])("loadFile says that %s (%s) names a plugin with parentheses", async (name, text, remedy) => {
    const failed = load(join(tempFolder({ [name]: text, "package.json": esm }), name));
    await expect(failed).rejects.toMatchObject({ code: "config-malformed" });
    await expect(failed).rejects.toThrow(`without the parentheses: ${remedy}`);
  });

  it.each([
    ["c.js", "module.exports = {};", "Rename it to .cjs"],
    ["c.js", 'const path = require("node:path"); export default {};', "Rename it to .cjs"],
    ["c.ts", "module.exports = {};", "Rename it to .cts"],
    ["c.mjs", "exports.a = 1;", "Write it with `import`"],
  ])("loadFile says what to rename %s (%s) to, which is CommonJS in an ESM package: %s", async (name, text, remedy) => {
    const failed = load(join(tempFolder({ [name]: text, "package.json": esm }), name));
    await expect(failed).rejects.toMatchObject({ code: "config-module-kind" });
    await expect(failed).rejects.toThrow(remedy);
  });

  it.each([
    ["c.ts", ".mts"],
    ["c.js", ".mjs"],
  ])("loadFile says what to rename a %s to that is an ES module in a CommonJS package: %s", async (name, ending) => {
    const folder = tempFolder({ [name]: "export default {};", "package.json": commonJs });
    await expect(load(join(folder, name))).rejects.toThrow(`Rename it to ${ending}`);
  });

  it.each([
    [
      "c.mjs",
      'import "@azidentity/plugin-none"; export default {};',
      "Install it: npm install @azidentity/plugin-none",
    ],
    [
      "c.cjs",
      'module.exports = require("@azidentity/plugin-none");',
      "Install it: npm install @azidentity/plugin-none",
    ],
    [
      "c.mjs",
      'import "./none.js"; export default {};',
      expect.stringMatching(/^To see the whole error, run: node .*c\.mjs$/),
    ],
  ])("loadFile says what to install when %s imports what is not there: %s", async (name, text, remedy) => {
    await expect(load(join(tempFolder({ [name]: text }), name))).rejects.toMatchObject({ remedy });
  });

  it("loadFile reports what is wrong in a JSON or YAML file without quoting it", async () => {
    const folder = tempFolder({
      "c.json": '{ "clientSecret": c4n4ry }',
      "e.json": '{\n  "clientSecret": c4n4ry,\n  "b": 1 }',
      "d.json": '{ "clientSecret": "c4n4ry" "b": 1 }',
      "c.yaml": "clientSecret: c4n4ry\n b: : c",
    });
    for (const [name, reason] of [
      ["c.json", "JSON"],
      ["d.json", "JSON"],
      ["c.yaml", "indentation"],
    ] as const) {
      const error = (await load(join(folder, name)).catch((one: unknown) => one)) as Error;
      expect(error.message).toContain(reason);
      expect(`${error.message} ${error.cause}`).not.toMatch(/c4n/);
    }
  });

  it("loadFile has the error of the config itself as cause", async () => {
    const folder = tempFolder({ "c.mjs": 'throw new Error("its own fault");' });
    await expect(load(join(folder, "c.mjs"))).rejects.toMatchObject({
      message: expect.stringContaining("its own fault"),
      cause: expect.objectContaining({ message: "its own fault" }),
    });
  });

  it("loadFile names a file that does not exist, and the settings that may name it", async () => {
    const file = join(tempFolder(), "none.json");
    await expect(load(file)).rejects.toMatchObject({ code: "config-not-found", file });
    await expect(load(file)).rejects.toThrow("AZIDENTITY_CONFIG");
  });

  it("loadFile says that ~ in a path that leads nowhere is not expanded", async () => {
    const file = join(tempFolder(), "~/none.json");
    await expect(load(file)).rejects.toThrow("`~` is expanded by shells alone");
  });

  it("loadFile refuses a folder", async () => {
    const folder = tempFolder({ "c.json/inside": "" });
    await expect(load(join(folder, "c.json"))).rejects.toMatchObject({ code: "config-unreadable" });
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "loadFile refuses a file that it may not read",
    async () => {
      const file = join(tempFolder({ "c.json": "{}" }), "c.json");
      chmodSync(file, 0);
      await expect(load(file)).rejects.toMatchObject({ code: "config-unreadable", file });
    },
  );

  it.each([
    ["c.json", ""],
    ["c.json", "\uFEFF"],
    ["c.yaml", "# nothing"],
    ["c.mjs", "export const chain = [];"],
  ])("loadFile finds nothing in %s that holds %j", async (name, text) => {
    expect(await load(join(tempFolder({ [name]: text }), name))).toBeUndefined();
  });

  it.each(["c.json", "c.yaml"])("loadFile ignores the byte order mark of %s", async (name) => {
    expect(await load(join(tempFolder({ [name]: '\uFEFF{ "tenantId": "t" }' }), name))).toEqual({ tenantId: "t" });
  });

  it("loadFile returns the default export of CommonJS compiled from ESM, and awaits a promise", async () => {
    const folder = tempFolder({
      "c.cjs": "exports.__esModule = true; exports.default = { cloud: 'china' };",
      "c.mjs": "export default Promise.resolve({ cloud: 'china' });",
    });
    for (const name of ["c.cjs", "c.mjs"]) expect(await load(join(folder, name))).toEqual({ cloud: "china" });
  });

  it("loadFile does not report the config as missing when a file that it reads is missing", async () => {
    const folder = tempFolder({ "c.mjs": 'import fs from "node:fs"; fs.readFileSync("/none/such");' });
    await expect(load(join(folder, "c.mjs"))).rejects.toMatchObject({ code: "config-malformed" });
  });

  it("loadFile runs a config once, even when it throws", async () => {
    const folder = tempFolder({
      "c.mjs": `import { appendFileSync } from "node:fs";
        appendFileSync(new URL("runs", import.meta.url), "1");
        throw new Error("no");`,
    });
    await expect(load(join(folder, "c.mjs"))).rejects.toMatchObject({ code: "config-malformed" });
    expect(readFileSync(join(folder, "runs"), "utf8")).toBe("1");
  });

  it("loadFile refuses an unknown format, a file larger than 4 MiB, and a path through a file", async () => {
    const folder = tempFolder({ "c.toml": "a = 1", "c.json": `"${"x".repeat(4 * 1_048_576)}"` });
    await expect(load(join(folder, "c.toml"))).rejects.toMatchObject({ code: "config-malformed" });
    await expect(load(join(folder, "c.json"))).rejects.toMatchObject({ code: "config-unreadable" });
    await expect(load(join(folder, "c.toml/c.json"))).rejects.toMatchObject({ code: "config-not-found" });
  });

  it.skipIf(process.platform === "win32")("loadFile refuses a pipe, which would keep it waiting", async () => {
    const folder = tempFolder();
    expect(spawnSync("mkfifo", [join(folder, "c.json")]).status).toBe(0);
    await expect(load(join(folder, "c.json"))).rejects.toMatchObject({ code: "config-unreadable" });
  });

  it("loadFile runs nothing but the file, whatever is in the working directory", () => {
    const folder = tempFolder({
      "there/package.json": json({ cosmiconfig: { searchPlaces: ["evil.cjs"] } }),
      "there/.config/config.cjs": "console.log('ran');",
      "evil.cjs": "console.log('ran');",
      "in/c.json": '{ "$import": "../evil.cjs" }',
      "in/c.yaml": "$import: ../evil.cjs",
    });
    const script = `const { loadFile } = await import(${json(new URL("./load-file.ts", import.meta.url).href)});
      for (const name of ["c.json", "c.yaml"])
        console.log(Object.keys(await loadFile(${json(join(folder, "in"))} + "/" + name)).join());`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: join(folder, "there"),
      encoding: "utf8",
    });
    expect(stdout.trim().split("\n")).toEqual(["$import", "$import"]);
  });
});
