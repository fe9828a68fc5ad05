import { chmodSync, chownSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { type FileFacts, systemFacts } from "../util/file-facts.ts";
import { entryScript, findProgram } from "./program.ts";

const json = (value: unknown) => JSON.stringify(value);
const folderOf = (entry: string | undefined, workingDirectory: string) => findProgram(entry, workingDirectory).folder;

describe("the folder of a program", () => {
  const elsewhere = "/another-checkout";
  const of = (folder: string, entry: string) => folderOf(join(folder, entry), elsewhere);

  it("the folder of a program is the nearest package at or above the entry script", () => {
    const folder = tempFolder({
      "package.json": "{}",
      "src/deep/main.js": "",
      "inner/package.json": "{}",
      "inner/a.js": "",
    });
    expect(of(folder, "src/deep/main.js")).toBe(folder);
    expect(of(folder, "inner/a.js")).toBe(join(folder, "inner"));
  });

  it("the folder of a program is the project around node_modules for a program inside, at any depth", () => {
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

  it.skipIf(process.platform === "win32")(
    "the folder of a program follows the link that a package manager puts in .bin",
    () => {
      const folder = tempFolder({
        "package.json": "{}",
        "node_modules/tool/package.json": "{}",
        "node_modules/tool/bin.js": "",
      });
      const outside = tempFolder({ "package.json": "{}" });
      symlinkSync(join(folder, "node_modules/tool/bin.js"), join(outside, "tool.js"));
      expect(of(outside, "tool.js")).toBe(folder);
    },
  );

  it("the folder of a program is found for an entry that is a folder or has no extension", () => {
    const folder = tempFolder({ "package.json": json({ main: "dist/main.js" }), "dist/main.js": "" });
    expect(folderOf(folder, elsewhere)).toBe(folder);
    expect(of(folder, "dist/main")).toBe(folder);
  });

  it("the folder of a program is that of the nearest deno.json or deno.jsonc under Deno alone", () => {
    for (const manifest of ["deno.json", "deno.jsonc"]) {
      const inside = tempFolder({ "package.json": "{}", [`p/${manifest}`]: "{}", "p/src/main.ts": "" });
      const entry = join(inside, "p/src/main.ts");
      const under = (versions: Record<string, string>) => findProgram(entry, elsewhere, systemFacts(), versions).folder;
      expect(under({ deno: "2.9.6" })).toBe(join(inside, "p"));
      expect(under({ node: "24.0.0" })).toBe(inside);
    }
  });

  it("the folder of a program is that of the script when no package owns it", () => {
    const folder = tempFolder({ "main.js": "" });
    expect(of(folder, "main.js")).toBe(folder);
    expect(dirname(folder)).not.toBe(folder);
  });

  it("the folder of a program is the working directory without an entry script, or with one that is not a file", () => {
    expect(folderOf(undefined, elsewhere)).toBe(elsewhere);
    expect(folderOf("/nowhere/[eval]", elsewhere)).toBe(elsewhere);
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
  expect(folderOf(entry, "/elsewhere")).toBe(join(folder, "packages/app"));
});

describe("a package.json that only marks the kind of modules below it", () => {
  const marker = json({ type: "module" });
  const of = (files: Record<string, string>) => {
    const folder = tempFolder({ "dist/esm/main.js": "", ...files });
    return folderOf(join(folder, "dist/esm/main.js"), "/nowhere").slice(folder.length);
  };

  it("a package.json that only marks the kind of modules below it is skipped, so that the config of the project is found", () => {
    expect(of({ "dist/esm/package.json": marker, "package.json": json({ name: "p" }) })).toBe("");
    expect(of({ "dist/esm/package.json": marker, "package.json": json({ dependencies: {} }) })).toBe("");
    expect(of({ "dist/esm/package.json": marker, "package.json": marker, "azidentity.config.json": "{}" })).toBe("");
  });

  it("a package.json that only marks the kind of modules below it counts when a config is beside it, and when there is no other", () => {
    const beside = { "dist/esm/package.json": marker, "dist/esm/azidentity.config.json": "{}" };
    expect(of({ ...beside, "package.json": json({ name: "p" }) })).toBe("/dist/esm");
    expect(of({ "dist/esm/package.json": marker })).toBe("/dist/esm");
  });

  it.each([
    ["a name", json({ name: "q", type: "module" })],
    ["dependencies", json({ type: "module", dependencies: { x: "1" } })],
    ["broken JSON", "{"],
  ])("a package.json that only marks the kind of modules below it is none with %s", (_, text) => {
    expect(of({ "dist/esm/package.json": text, "package.json": json({ name: "p" }) })).toBe("/dist/esm");
  });

  it("a package.json that only marks the kind of modules below it is not one where packages are installed", () => {
    const installed = { "dist/esm/node_modules/x/package.json": "{}" };
    expect(of({ ...installed, "dist/esm/package.json": marker, "package.json": json({ name: "p" }) })).toBe(
      "/dist/esm",
    );
  });
});

describe.skipIf(process.platform === "win32")("the walk upwards from a program without a package", () => {
  const setUp = (facts: Partial<FileFacts> = {}) => {
    const top = tempFolder({ "package.json": json({ name: "planted" }), "a/b/main.js": "" });
    const find = () => findProgram(join(top, "a/b/main.js"), "/nowhere", { ...systemFacts(), ...facts });
    return { top, find: () => find().folder.slice(top.length) };
  };

  it("the walk upwards from a program without a package finds a package above", () => {
    expect(setUp().find()).toBe("");
  });

  it.each([0o777, 0o1777])(
    "the walk upwards from a program without a package ends before a folder that others may write (mode %o)",
    (mode) => {
      const { top, find } = setUp();
      chmodSync(top, mode);
      expect(find()).toBe("/a/b");
    },
  );

  it("the walk upwards from a program without a package goes on through such folders when others may write the program as well, but never into one like /tmp", () => {
    const { top, find } = setUp();
    chmodSync(join(top, "a/b/main.js"), 0o777);
    chmodSync(top, 0o777);
    expect(find()).toBe("");
    chmodSync(top, 0o1777);
    expect(find()).toBe("/a/b");
  });

  it.skipIf(process.geteuid?.() !== 0)(
    "the walk upwards from a program without a package ends before another account's folder, unless it owns the program, too",
    () => {
      const { top, find } = setUp();
      chownSync(top, 54_322, 54_322);
      expect(find()).toBe("/a/b");
      chownSync(join(top, "a/b"), 54_322, 54_322);
      expect(find()).toBe("");
    },
  );

  it("the walk upwards from a program without a package ends after the home folder", () => {
    const { top, find } = setUp({ home: tempFolder() });
    expect(find()).toBe("");
    const home = join(top, "a");
    expect(findProgram(join(home, "b/main.js"), "/nowhere", { ...systemFacts(), home }).folder).toBe(join(home, "b"));
    expect(findProgram(join(home, "b/main.js"), "/nowhere", { ...systemFacts(), home: top }).folder).toBe(top);
  });

  it("the walk upwards from a program without a package ends after the root of a mount", () => {
    const { top, find } = setUp({
      entry: (path) => {
        const entry = systemFacts().entry(path);
        return entry && { ...entry, dev: path.length > top.length ? 2 : 1 };
      },
    });
    expect(find()).toBe("/a/b");
  });
});

describe("the entry script", () => {
  const node = { argv: ["node", "/p/main.js"], execArgv: [], versions: { node: "24.0.0" } };

  it("the entry script is the file that Node was started with", () => {
    expect(entryScript(node)).toBe("/p/main.js");
    expect(entryScript({ ...node, execArgv: ["--import", "./hook.mjs", "--enable-source-maps"] })).toBe("/p/main.js");
    expect(entryScript({ ...node, argv: ["node"] })).toBeUndefined();
  });

  it.each(["-e", "-p", "-pe", "--eval", "--print", "--eval=1"])(
    "the entry script is undefined with %s: what follows is an argument",
    (flag) => {
      expect(entryScript({ ...node, execArgv: [flag, "1"] })).toBeUndefined();
    },
  );

  it("the entry script is the module of a Worker in Deno, which has the working directory in argv", () => {
    const worker = { ...node, argv: ["deno", "/checkout/$deno$node.mjs"], versions: { deno: "2.9.6" } };
    expect(entryScript(worker, "file:///p/a%20b/worker.ts")).toBe("/p/a b/worker.ts");
    expect(entryScript(worker, "https://example.com/worker.ts")).toBeUndefined();
    expect(entryScript({ ...worker, argv: ["deno", "/p/main.ts"] }, "file:///p/worker.ts")).toBe("/p/main.ts");
  });

  it("the entry script is the application in Electron, never the document to open", () => {
    const resourcesPath = tempFolder({ "app.asar": "" });
    const started = { ...node, argv: ["App", "/downloads/evil/document.txt"], versions: { electron: "40.0.0" } };
    expect(entryScript({ ...started, resourcesPath })).toBe(join(resourcesPath, "app.asar"));
    expect(entryScript({ ...started, resourcesPath: tempFolder() })).toBeUndefined();
    expect(entryScript({ ...started, argv: ["electron", "/p"], defaultApp: true })).toBe("/p");
  });
});
