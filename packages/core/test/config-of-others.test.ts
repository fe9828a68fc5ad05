import { spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "./temp-folder.ts";

const core = JSON.stringify(pathToFileURL(join(import.meta.dirname, "../dist/index.js")).href);
const mallory = 54_322;
/** Each test starts processes, on machines that may be busy. */

/** Prints the code of the error with which a program's identity fails to load, or `ready`. */
const main = `
  import { createIdentity } from ${core};
  await createIdentity().ready().then(() => console.log("ready"), (error) => console.log(error.code ?? error));`;
const planted = 'console.log("planted code ran"); export default { plugins: [] };';

/** What a program prints that root starts. */
function run(file: string, env: NodeJS.ProcessEnv = {}, workingDirectory = "/"): string {
  const { stdout } = spawnSync(process.execPath, [file], {
    cwd: workingDirectory,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });
  return stdout.trim();
}

function give(folder: string, ...names: readonly string[]): void {
  for (const name of names) chownSync(join(folder, name), mallory, mallory);
}

const asRoot = it.skipIf(process.geteuid?.() !== 0);

asRoot("a program of root does not run another account's config in its own folder", () => {
  const folder = tempFolder({ "package.json": "{}", "main.mjs": main, "azidentity.config.mjs": planted });
  expect(run(join(folder, "main.mjs"))).toBe("planted code ran\nready");
  give(folder, "azidentity.config.mjs");
  expect(run(join(folder, "main.mjs"))).toBe("config-owner");
});

asRoot("a program of root runs the config of the account that owns its folder", () => {
  const folder = tempFolder({ "package.json": "{}", "main.mjs": main, "azidentity.config.mjs": planted });
  give(folder, "", "package.json", "main.mjs", "azidentity.config.mjs");
  expect(run(join(folder, "main.mjs"))).toBe("planted code ran\nready");
});

asRoot(
  "a program in a folder like /tmp does not take the package and the config that another account puts there",
  () => {
    const folder = tempFolder({ "package.json": "{}", "work/main.mjs": main, "azidentity.config.mjs": planted });
    chmodSync(folder, 0o1777);
    give(folder, "package.json", "azidentity.config.mjs");
    expect(run(join(folder, "work/main.mjs"))).toBe("ready");
    expect(run(join(folder, "work/main.mjs"), { AZIDENTITY_MODE: "production" })).toBe("config-near-miss");
  },
);

asRoot("a program does not run the config of another account that AZIDENTITY_CONFIG names", () => {
  const folder = tempFolder({ "package.json": "{}", "main.mjs": main, "theirs/c.mjs": planted });
  give(folder, "theirs/c.mjs");
  expect(run(join(folder, "main.mjs"), { AZIDENTITY_CONFIG: join(folder, "theirs/c.mjs") })).toBe("config-owner");
});

asRoot("a program does not run another account's plugin that its data config names, nor through a link", () => {
  const config = JSON.stringify({ plugins: ["./plugin.mjs"] });
  const plugin = 'console.log("planted code ran"); export default { name: "p", contract: 1 };';
  const files = { "package.json": "{}", "main.mjs": main, "azidentity.config.json": config, "plugin.mjs": plugin };
  const folder = tempFolder(files);
  expect(run(join(folder, "main.mjs"))).toContain("planted code ran");
  give(folder, "plugin.mjs");
  expect(run(join(folder, "main.mjs"))).toBe("config-owner");
});

asRoot("a program does not load a plugin from the node_modules that another account puts above it", () => {
  const plugin = 'console.log("planted code ran"); module.exports = { name: "p", contract: 1 };';
  const name = "node_modules/@azidentity/plugin-entra";
  const folder = tempFolder({ "work/main.mjs": main, [`${name}/index.js`]: plugin, [`${name}/package.json`]: "{}" });
  chmodSync(folder, 0o1777);
  expect(run(join(folder, "work/main.mjs"))).toContain("planted code ran");
  give(folder, "node_modules");
  expect(run(join(folder, "work/main.mjs"))).toBe("config-owner");
});

it("a program built into dist/esm finds the config of its project past the package.json of the build", () => {
  const folder = tempFolder({
    "package.json": '{ "name": "p" }',
    "dist/esm/package.json": '{ "type": "module" }',
    "dist/esm/main.mjs": main,
    "azidentity.config.mjs": planted,
  });
  expect(run(join(folder, "dist/esm/main.mjs"))).toBe("planted code ran\nready");
});

/** Runs `script` in a mount namespace of its own, with the folder as `$0` and Node as `$1`. */
const withMounts = (script: string, folder: string) =>
  spawnSync("unshare", ["-m", "sh", "-e", "-c", script, folder, process.execPath], { encoding: "utf8" });
const mayMount = process.platform === "linux" && withMounts("mount -t tmpfs t /mnt", "/").status === 0;

it.skipIf(!mayMount)("a program on a mount does not take the package and the config of the folder around it", () => {
  const files = { "package.json": '{ "name": "p" }', "main.mjs": main, "azidentity.config.mjs": planted, "m/x": "" };
  const folder = tempFolder(files);
  const { stdout } = withMounts('mount -t tmpfs t "$0/m"; cp "$0/main.mjs" "$0/m"; "$1" "$0/m/main.mjs"', folder);
  expect(stdout.trim()).toBe("ready");
});

it.skipIf(!mayMount)(
  "a config of another account in a folder with mode 0777 is accepted only from a read-only mount",
  () => {
    const folder = tempFolder({ "package.json": "{}", "main.mjs": main, "c.mjs": planted, "m/x": "" });
    const set = `mount -t tmpfs -o mode=0777 t "$0/m"; cp "$0/c.mjs" "$0/m"; chown ${mallory} "$0/m/c.mjs"`;
    const start = 'AZIDENTITY_MODE=production AZIDENTITY_CONFIG="$0/m/c.mjs" "$1" "$0/main.mjs"';
    expect(withMounts(`${set}; ${start}`, folder).stdout.trim()).toBe("config-owner");
    expect(withMounts(`${set}; chmod 755 "$0/m"; ${start}`, folder).stdout.trim()).toBe("config-owner");
    expect(withMounts(`${set}; mount -o remount,ro "$0/m"; ${start}`, folder).stdout.trim()).toBe(
      "planted code ran\nready",
    );
  },
);
