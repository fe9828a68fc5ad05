/**
 * What a project writes into its package.json to switch: with npm, pnpm and yarn 1, every library
 * of the tree then has the drop-in, and no `@azure/identity` is installed.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Registry, startRegistry } from "../../../packages/test-support/src/registry.ts";
import { pack } from "../packed.ts";
import { dropInPackages } from "./drop-in-packages.ts";

vi.setConfig({ testTimeout: 600_000 });
const run = promisify(execFile);

const alias = { "@azure/identity": "npm:@azidentity/identity@^4.14.1" };
/** Libraries that ask for `^4`, and one that asks for `~4.13`. */
const caret = { "@azure/app-configuration-provider": "^2.6.0", tedious: "^20.3.9", unstorage: "^1.17.6" };
const tilde = { "@rushstack/rush-azure-storage-build-cache-plugin": "^5.179.0" };

interface Install {
  readonly title: string;
  readonly command: readonly string[];
  readonly manifest: { readonly dependencies: Readonly<Record<string, string>>; readonly [field: string]: unknown };
  readonly files?: Readonly<Record<string, string>>;
}

const installs: readonly Install[] = [
  {
    title: "npm needs one line among the dependencies where libraries ask for a caret range",
    command: ["npm", "install", "--no-audit", "--no-fund"],
    manifest: { dependencies: { ...alias, ...caret } },
  },
  {
    title: "npm needs an override, too, where a library asks for a tilde range",
    command: ["npm", "install", "--no-audit", "--no-fund"],
    manifest: {
      dependencies: { ...alias, ...caret, ...tilde },
      overrides: { "@azure/identity": "$@azure/identity" },
    },
  },
  {
    title: "pnpm needs one line among the overrides",
    command: ["npx", "--yes", "pnpm@12", "install"],
    manifest: { dependencies: { "@azure/identity": "^4.14.1", ...caret, ...tilde } },
    files: { "pnpm-workspace.yaml": `overrides: ${JSON.stringify(alias)}\n` },
  },
  {
    title: "yarn 1 needs the line among the dependencies and among the resolutions",
    command: ["npx", "--yes", "yarn@1.22", "install", "--non-interactive"],
    manifest: { dependencies: { ...alias, ...caret, ...tilde }, resolutions: alias },
  },
];

let folder: string;
let registry: Registry;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "installs-"));
  registry = await startRegistry((await pack(dropInPackages, folder)).values());
});
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Loads each library, and prints the package that it finds under the name `@azure/identity`. */
const program = `const { createRequire } = require("node:module");
const { realpathSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const found = process.argv.slice(2).map((library) => {
  require(library);
  const fromLibrary = createRequire(join(realpathSync(join("node_modules", library)), "package.json"));
  return JSON.parse(readFileSync(fromLibrary.resolve("@azure/identity/package.json"), "utf8")).name;
});
console.log(JSON.stringify(found));
`;

/** The packages that are installed as `@azure/identity` anywhere in a tree. */
function installedAs(modules: string): string[] {
  const paths = readdirSync(modules, { recursive: true, encoding: "utf8" });
  const manifests = paths.filter((path) => path.endsWith(join("@azure", "identity", "package.json")));
  return manifests.map((path) => JSON.parse(readFileSync(join(modules, path), "utf8")).name);
}

it.each(installs)("$title: no @azure/identity is installed", async ({ title, command, manifest, files = {} }) => {
  const project = join(folder, String(installs.findIndex((install) => install.title === title)));
  await mkdir(project);
  const settings = { "package.json": JSON.stringify({ private: true, ...manifest }), "program.cjs": program };
  const npmrc = { ".npmrc": `@azidentity:registry=${registry.url}\n` };
  for (const [name, text] of Object.entries({ ...settings, ...npmrc, ...files }))
    await writeFile(join(project, name), text);
  const [manager = "", ...args] = command;
  await run(manager, [...args, "--ignore-scripts"], { cwd: project });

  expect(new Set(installedAs(join(project, "node_modules")))).toEqual(new Set(["@azidentity/identity"]));
  const libraries = Object.keys(manifest.dependencies).filter((name) => name !== "@azure/identity");
  const { stdout } = await run(process.execPath, ["program.cjs", ...libraries], { cwd: project });
  expect(JSON.parse(stdout)).toEqual(libraries.map(() => "@azidentity/identity"));
});
