/**
 * What `azid migrate --check` tells to type, typed: each package manager installs stand-in packages
 * from a registry on loopback, and after the steps no copy of the original is left.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Registry } from "@azidentity/test-support";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkMigration } from "../src/migrate/check.ts";
import type { Step } from "../src/migrate/steps.ts";
import { startStandInRegistry } from "./support/stand-in-registry.ts";
import { dependencies, standIns } from "./support/stand-ins.ts";

const run = promisify(execFile);
const never = new AbortController().signal;

let top: string;
let registry: Registry;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "migrate-"));
  registry = await startStandInRegistry(standIns);
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await rm(top, { recursive: true, force: true });
});

/** How a package manager is run, and its settings for the registry on loopback. */
interface Manager {
  readonly program: readonly string[];
  readonly settings: (url: string) => Readonly<Record<string, string>>;
}

const managers: Readonly<Record<string, Manager>> = {
  npm: { program: ["npm"], settings: (url) => ({ ".npmrc": `registry=${url}\naudit=false\nfund=false\n` }) },
  pnpm: {
    program: ["npx", "--yes", "pnpm@12"],
    settings: (url) => ({ "pnpm-workspace.yaml": `registries:\n  default: ${url}/\nstoreDir: ${top}/store\n` }),
  },
  "yarn-1": {
    program: ["npx", "--yes", "yarn@1.22"],
    settings: (url) => ({ ".yarnrc": `registry "${url}"\ncache-folder "${top}/yarn-1"\n` }),
  },
  yarn: {
    program: ["npx", "--yes", "-p", "@yarnpkg/cli-dist@4", "yarn"],
    settings: (url) => ({
      "yarn.lock": "",
      ".yarnrc.yml": `npmRegistryServer: "${url}"\nunsafeHttpWhitelist: ["127.0.0.1"]\nnodeLinker: node-modules\nenableTelemetry: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n`,
    }),
  },
  bun: {
    program: ["npx", "--yes", "bun@1"],
    settings: (url) => ({ "bunfig.toml": `[install]\nregistry = "${url}"\n[install.cache]\ndir = "${top}/bun"\n` }),
  },
};

/** Runs the package manager from a folder whose settings `npx` does not read. */
async function type({ program }: Manager, words: readonly string[], folder: string): Promise<void> {
  const [file = "", ...args] = [...program, ...words];
  const script = 'cd "$1" && shift && exec "$@"';
  const isNpx = file === "npx";
  const env = { ...process.env, npm_config_registry: undefined, CI: undefined }; // in CI pnpm changes no lockfile
  if (!isNpx) await run(file, args, { cwd: folder, env, timeout: 240_000 });
  else {
    const at = args.length - words.length;
    const [last = "", ...rest] = [args[at - 1], ...words];
    const program = last.replace(/@[\d.]+$/, "");
    const packages = args.includes("-p") ? args.slice(0, at - 1) : ["--yes", "-p", last];
    await run("npx", [...packages, "--", "sh", "-c", script, "sh", folder, program, ...rest], {
      cwd: top,
      env,
      timeout: 240_000,
    });
  }
}

async function follow(steps: readonly Step[], manager: Manager, folder: string): Promise<void> {
  for (const step of steps) {
    if ("type" in step) await type(manager, step.type.split(" ").slice(1), folder);
    else if (step.file.endsWith(".yaml")) await appendFile(join(folder, step.file), `${step.put}\n`);
    else await merge(join(folder, step.file), JSON.parse(step.put));
  }
}

async function merge(path: string, added: Readonly<Record<string, object>>): Promise<void> {
  const manifest = JSON.parse(await readFile(path, "utf8"));
  for (const [field, entries] of Object.entries(added)) manifest[field] = { ...manifest[field], ...entries };
  await writeFile(path, JSON.stringify(manifest, undefined, 2));
}

/** The package that Node.js finds from a folder; `require` would remember what it found before. */
function findCopy(folder: string): string | undefined {
  try {
    const { name, version } = JSON.parse(
      readFileSync(join(folder, "node_modules/@azure/identity/package.json"), "utf8"),
    );
    return `${name}@${version}`;
  } catch {
    return folder === dirname(folder) ? undefined : findCopy(dirname(folder));
  }
}

/** What each dependency of the project finds under the name `@azure/identity`. */
async function foundCopies(folder: string, asked: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const users = Object.keys(asked).filter((name) => name !== "@azure/identity" && name !== "shared");
  const folders = await Promise.all(users.map((name) => realpath(join(folder, "node_modules", name))));
  return [...new Set(folders.map(findCopy).filter((copy) => copy !== undefined))].toSorted();
}

const quiet = ["build-cache", "old-driver", "pinned"];
const follows = Object.fromEntries(Object.entries(dependencies).filter(([name]) => !quiet.includes(name)));
const projects = [
  ["where every range is satisfied", follows],
  ["with tilde, exact and major 3 ranges", dependencies],
  ["that does not list the package itself", { driver: "^20.3.9", "build-cache": "^5.179.0" }],
] as const;

const cases = Object.keys(managers).flatMap((name) => projects.map((project) => [name, ...project] as const));

it.each(cases)("the steps for %s replace every copy in a project %s", async (name, _, asked) => {
  const manager = managers[name] as Manager;
  const folder = await mkdtemp(join(top, `${name}-`));
  const manifest = { name: "orders", version: "1.0.0", private: true, dependencies: asked };
  const files = { "package.json": JSON.stringify(manifest), ...manager.settings(registry.url) };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  await type(manager, ["install"], folder);
  for (const copy of await foundCopies(folder, asked)) expect(copy).toMatch(/^@azure\/identity@/);

  const report = await checkMigration(folder, never);
  expect(report.lockfile.manager).toBe(name);
  // where yarn puts a second copy of a package is not in its lockfile
  if (!name.startsWith("yarn")) expect(report.goes.bytes).toBeGreaterThan(0);
  await follow(report.steps, manager, folder);

  expect(await foundCopies(folder, asked)).toEqual(["@azidentity/identity@4.14.100"]);
  const after = await checkMigration(folder, never);
  expect(after.asks.map(({ verdict }) => verdict)).not.toContain("satisfied");
  expect(after.steps).toEqual([]);
  expect(after.goes.packages).toEqual([]);
});
