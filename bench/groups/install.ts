/** What `npm install` brings, without what only developers of the packages need. */
import { execFile } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Group } from "../group.ts";
import { all, atMost } from "../harness/row.ts";

const execute = promisify(execFile);
const packages = join(import.meta.dirname, "../../packages");
const quietly = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];

/** Packs a package as `pnpm publish` would. */
async function pack(name: string, folder: string): Promise<string> {
  const out = join(folder, `${name}.tgz`);
  await execute("npx", ["--yes", "pnpm@12", "pack", "--out", out], { cwd: join(packages, name) });
  return out;
}

function megabytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => lstatSync(join(folder, path)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0) / 1_000_000;
}

async function install(what: readonly string[], folder: string, name: string) {
  const project = mkdtempSync(join(folder, name));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
  await execute("npm", ["install", ...quietly, ...what], { cwd: project });
  const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")) as { packages: object };
  const count = Object.keys(lock.packages).length - 1; // without the project itself
  return { mb: megabytesBelow(join(project, "node_modules")), count };
}

const figure = "installed: megabytes and packages";

interface Project {
  /** Appended to `figure`. */
  readonly name: string;
  /** Folders below packages/; the broker without its native part, which only users install. */
  readonly plugins: readonly string[];
  /** With the package that brings them. */
  readonly dropIn?: true;
  readonly maxMb: number;
  readonly maxPackages: number;
}

const projects: readonly Project[] = [
  { name: "core", plugins: [], maxMb: 3.1, maxPackages: 9 },
  { name: "core and plugin-entra", plugins: ["entra"], maxMb: 3.2, maxPackages: 10 },
  { name: "core and plugin-managed-identity", plugins: ["managed-identity"], maxMb: 3.2, maxPackages: 10 },
  { name: "core and plugin-broker", plugins: ["broker"], maxMb: 3.2, maxPackages: 10 },
  {
    name: "core, entra, managed-identity, dev-tools",
    plugins: ["entra", "managed-identity", "dev-tools"],
    maxMb: 3.5,
    maxPackages: 12,
  },
  {
    name: "these, users and broker",
    plugins: ["entra", "managed-identity", "dev-tools", "users", "broker"],
    maxMb: 13,
    maxPackages: 32,
  },
  {
    name: "the drop-in",
    plugins: ["entra", "managed-identity", "dev-tools", "users", "broker"],
    dropIn: true,
    maxMb: 13,
    maxPackages: 33,
  },
];

export const run: Group = async function* ({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-install-"));
  try {
    const tarballs = new Map<string, string>();
    const tarballOf = async (name: string) => {
      const tarball = tarballs.get(name) ?? (await pack(name, folder));
      tarballs.set(name, tarball);
      return tarball;
    };
    const show = ({ mb, count }: { readonly mb: number; readonly count: number }) => `${mb.toFixed(1)} MB, ${count}`;
    const peer = quick ? "30.0 MB, 45, known" : show(await install(["@azure/identity@4.14.1"], folder, "peer"));
    for (const { name, plugins, dropIn, maxMb, maxPackages } of projects) {
      const packages = ["core", ...plugins.map((plugin) => `plugin-${plugin}`)];
      if (dropIn) packages.push("identity");
      const what: string[] = [];
      for (const one of packages) what.push(await tarballOf(one));
      const installed = await install(what, folder, "ours");
      yield {
        figure: `${figure}, ${name}`,
        unit: "",
        ours: show(installed),
        peer,
        floor: undefined,
        ...all(atMost(maxMb, installed.mb, "MB"), atMost(maxPackages, installed.count, "packages")),
      };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
};
