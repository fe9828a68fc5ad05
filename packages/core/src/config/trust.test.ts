import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { systemFacts } from "../util/file-facts.ts";
import { checkPlugin, checkTrust, refusePathsOutside } from "./trust.ts";

const isRoot = process.geteuid?.() === 0;
const [ann, mallory] = [54_321, 54_322];

/** A project whose program is `main.js`; `run` is the check as that program would make it. */
function project(files: Readonly<Record<string, string>> = { "c.json": "{}" }) {
  const folder = tempFolder({ "main.js": "", ...files });
  const program = { folder, script: join(folder, "main.js") };
  const check = (name: string, mode = "production", more: object = {}) =>
    checkTrust({ path: join(folder, name), what: "config file", ...more }, program, mode);
  return { folder, program, check, path: (name: string) => join(folder, name) };
}

const refused = (code: string, remedy = "") =>
  expect.objectContaining({ code, remedy: expect.stringContaining(remedy) });

describe.skipIf(process.platform === "win32")("a config that other accounts may write", () => {
  it("a config that other accounts may write is refused in production with the command that fixes it, and is a warning otherwise", () => {
    const { check, path } = project();
    expect(check("c.json")).toBeUndefined();
    chmodSync(path("c.json"), 0o646);
    expect(() => check("c.json")).toThrow(refused("config-writable", `Run: chmod o-w ${path("c.json")}`));
    expect(check("c.json", "auto")).toContain("may be written by other accounts");
  });

  it("a config that other accounts may write is also one whose folder they may write, even with a sticky bit on the folder that is searched", () => {
    const { check, folder } = project();
    chmodSync(folder, 0o777);
    expect(() => check("c.json")).toThrow(refused("config-writable", `o-w ${folder}`));
    chmodSync(folder, 0o1777);
    expect(check("c.json")).toBeUndefined();
    expect(() => check("c.json", "production", { searched: folder })).toThrow(refused("config-writable"));
  });

  it("a config that other accounts may write is also a link into a folder that they may write", () => {
    const { check, path } = project();
    const open = tempFolder({ "real.json": "{}" });
    chmodSync(open, 0o777);
    symlinkSync(join(open, "real.json"), path("link.json"));
    expect(() => check("link.json")).toThrow(refused("config-writable", `o-w ${open}`));
  });

  it("a config that other accounts may write is only a warning when they may write the program as well, as on a network share", () => {
    const { check, path } = project();
    chmodSync(path("c.json"), 0o666);
    chmodSync(path("main.js"), 0o777);
    expect(check("c.json")).toContain("may be written by other accounts");
  });

  it("a config that other accounts may write is not one below a folder that they may write above the program, which they can change anyway", () => {
    const { folder } = project({ "app/main.js": "", "app/c.json": "{}" });
    chmodSync(folder, 0o777);
    const program = { folder: join(folder, "app"), script: join(folder, "app/main.js") };
    const file = { path: join(folder, "app/c.json"), what: "config file" };
    expect(checkTrust(file, program, "production")).toBeUndefined();
    expect(() => checkTrust(file, { ...program, script: undefined }, "production")).toThrow(refused("config-writable"));
  });
});

describe.skipIf(!isRoot)("another account's config", () => {
  it.each(["auto", "development", "production"])("another account's config is refused in mode %s", (mode) => {
    const { check, path } = project();
    chownSync(path("c.json"), mallory, mallory);
    chmodSync(path("c.json"), 0o644);
    expect(() => check("c.json", mode)).toThrow(refused("config-owner", `sudo chown 0 ${path("c.json")}`));
  });

  it.each(["auto", "production"])(
    "another account's config is refused in mode %s in a folder that all may write, such as /tmp",
    (mode) => {
      const { folder, check, path } = project();
      chownSync(path("c.json"), mallory, mallory);
      chmodSync(folder, 0o1777);
      expect(() => check("c.json", mode, { searched: folder })).toThrow(refused("config-owner"));
      chmodSync(folder, 0o777);
      expect(() => check("c.json", mode)).toThrow(refused("config-owner"));
    },
  );

  it("another account's config is accepted when the same account owns the folder of the program, as after a deployment or on a bind mount", () => {
    const { folder, check, path } = project();
    for (const one of [folder, path("main.js"), path("c.json")]) chownSync(one, ann, ann);
    expect(check("c.json")).toBeUndefined();
    chownSync(path("c.json"), mallory, mallory);
    expect(() => check("c.json")).toThrow(refused("config-owner"));
  });

  it("another account's config is refused when its account owns the working directory, and there is no program", () => {
    const { folder, program, path } = project();
    for (const one of [folder, path("c.json")]) chownSync(one, ann, ann);
    const file = { path: path("c.json"), what: "config file" };
    expect(() => checkTrust(file, { ...program, script: undefined }, "auto")).toThrow(refused("config-owner"));
  });

  it("another account's config is refused when a link of the program's folder leads to it, or when it owns that link", () => {
    const { check, path } = project();
    const elsewhere = tempFolder({ "real.json": "{}" });
    chownSync(join(elsewhere, "real.json"), mallory, mallory);
    symlinkSync(join(elsewhere, "real.json"), path("to-mallory.json"));
    expect(() => check("to-mallory.json")).toThrow(refused("config-owner"));
    symlinkSync(path("c.json"), path("of-mallory.json"));
    lchownSync(path("of-mallory.json"), mallory, mallory);
    expect(() => check("of-mallory.json")).toThrow(refused("config-owner", "Name the file that the link leads to."));
  });

  it("another account's config is refused when only the folder is another account's, for what is named outside of the program", () => {
    const { check, folder, program } = project();
    const elsewhere = tempFolder({ "etc/c.json": "{}" });
    chownSync(join(elsewhere, "etc"), mallory, mallory);
    const file = { path: join(elsewhere, "etc/c.json"), what: "config file" };
    expect(() => checkTrust(file, program, "auto")).toThrow(refused("config-owner", "Move the file to a folder"));
    chownSync(folder, mallory, mallory);
    expect(check("c.json")).toBeUndefined();
  });

  it("another account's config is accepted by the account itself, and by an account that runs what another one has deployed", () => {
    const { folder, program, path } = project();
    chownSync(path("c.json"), ann, ann);
    const as = (user: number) => ({ ...systemFacts(), user, group: user });
    const file = { path: path("c.json"), what: "config file" };
    expect(checkTrust(file, program, "production", as(ann))).toBeUndefined();
    expect(() => checkTrust(file, program, "production", as(mallory))).toThrow(refused("config-owner"));
    chownSync(folder, ann, ann);
    expect(checkTrust(file, program, "production", as(mallory))).toBeUndefined();
  });

  it("another account's config is not one that only a group may write that may write the program's folder, too", () => {
    const { folder, check, path } = project();
    chownSync(path("c.json"), 0, ann);
    chmodSync(path("c.json"), 0o664);
    expect(() => check("c.json")).toThrow(refused("config-writable", "chmod g-w"));
    chownSync(folder, 0, ann);
    expect(() => check("c.json")).toThrow(refused("config-writable", "chmod g-w"));
    chmodSync(folder, 0o775);
    expect(check("c.json")).toBeUndefined();
  });
});

describe("the node_modules that a plugin was found in", () => {
  it.skipIf(process.platform === "win32")(
    "the node_modules that a plugin was found in is judged outside of the program, and is the program's own inside",
    () => {
      const { folder, program, path } = project({ "app/main.js": "", "app/node_modules/x": "", "node_modules/x": "" });
      const app = { folder: path("app"), script: path("app/main.js") };
      for (const one of ["app/node_modules", "node_modules"]) chmodSync(path(one), 0o777);
      expect(checkPlugin(path("app/node_modules"), "p", app, "production")).toBeUndefined();
      const judge = (program: Parameters<typeof checkPlugin>[2]) =>
        checkPlugin(join(folder, "node_modules"), "p", program, "production");
      expect(() => judge(app)).toThrow(refused("config-writable"));
      expect(judge(program)).toBeUndefined();
      expect(() => judge({ folder, script: undefined })).toThrow(refused("config-writable"));
    },
  );

  it("the node_modules that a plugin was found in is refused in the root of a Windows drive, where every account may create one", () => {
    const facts = { ...systemFacts(), user: undefined };
    const program = { folder: "C:\\app", script: "C:\\app\\main.js" };
    const check = (path: string) => checkPlugin(path, "p", program, "auto", facts);
    expect(() => check("C:\\node_modules")).toThrow(refused("config-owner", "npm install p"));
    expect(check("C:\\app\\node_modules")).toBeUndefined();
  });
});

it("checkTrust ignores a file that does not exist", () => {
  const { check, folder } = project();
  mkdirSync(join(folder, "empty"));
  expect(check("empty/none.json")).toBeUndefined();
});

const refuse = (plugin: unknown, name = "c.json") => refusePathsOutside([plugin], join("/project", name));

it.each([
  "../evil.js",
  "./../evil.js",
  "./a/../../evil.js",
  "/evil.js",
  "/project-2/x.js",
  "x/../../evil.js",
  "@a/b/../../../../evil.js",
])("a JSON config must not name %s", (plugin) => {
  for (const name of ["c.json", "c.yaml", "c.yml", ".azidentityrc", "package.json"]) {
    expect(() => refuse(plugin, name)).toThrow(
      expect.objectContaining({ code: "path-outside-config", path: "plugins" }),
    );
  }
});

it.each(["./plugin.js", "./a/../plugin.js", "/project/plugin.js", "@azidentity/plugin-entra", "my..plugin", 5])(
  "a JSON config may name %s",
  (plugin) => {
    expect(() => refuse(plugin)).not.toThrow();
  },
);

it("a config that is a program may name any path", () => {
  for (const name of ["c.ts", "c.mts", "c.js", "c.mjs", "c.cjs"])
    expect(() => refuse("../plugin.js", name)).not.toThrow();
});
