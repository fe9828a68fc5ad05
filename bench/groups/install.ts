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

export const run: Group = async function* ({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-install-"));
  try {
    const core = await pack("core", folder);
    const entra = await pack("plugin-entra", folder);
    const managed = await pack("plugin-managed-identity", folder);
    const alone = await install([core], folder, "core");
    const both = await install([core, entra], folder, "both");
    const hosted = await install([core, managed], folder, "hosted");
    const peer = quick ? undefined : await install(["@azure/identity@4.14.1"], folder, "peer");
    const show = ({ mb, count }: { readonly mb: number; readonly count: number }) => `${mb.toFixed(1)} MB, ${count}`;
    const others = { unit: "", peer: peer === undefined ? "30.0 MB, 45, known" : show(peer), floor: undefined };
    const verdict = ({ mb, count }: typeof alone, most: number, packages: number) =>
      all(atMost(most, mb, "MB"), atMost(packages, count, "packages"));
    const figure = "installed: megabytes and packages";
    yield { figure: `${figure}, core`, ...others, ours: show(alone), ...verdict(alone, 5.5, 10) };
    yield { figure: `${figure}, core and plugin-entra`, ...others, ours: show(both), ...verdict(both, 16, 30) };
    yield {
      figure: `${figure}, core and plugin-managed-identity`,
      ...others,
      ours: show(hosted),
      ...verdict(hosted, 6, 11),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
