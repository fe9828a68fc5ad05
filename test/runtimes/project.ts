/** A project that has the packed packages and the runtimes of this folder installed. */
import { execFile } from "node:child_process";
import { copyFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack, unpack } from "../../tools/trees/packed.ts";

const run = promisify(execFile);
const plugins = ["entra", "managed-identity", "dev-tools", "users", "external", "cache-persist", "broker"];
const packages = ["core", "identity", "cli", ...plugins.map((name) => `plugin-${name}`)];

export interface Project extends AsyncDisposable {
  readonly folder: string;
  /** A new folder with nothing installed in it or above it. */
  emptyFolder(): Promise<string>;
}

/** Without install scripts: the packages of the runtimes have their binaries in them. */
export async function installProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "runtimes-"));
  const empty = await mkdtemp(join(tmpdir(), "runtimes-empty-"));
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  await cp(join(import.meta.dirname, "suite"), join(folder, "suite"), { recursive: true });
  const tarballs = await pack(packages, empty);
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  for (const [name, tarball] of tarballs) await unpack(tarball, join(folder, "node_modules/@azidentity", name));
  return {
    folder,
    emptyFolder: () => mkdtemp(join(empty, "empty-")),
    async [Symbol.asyncDispose]() {
      for (const one of [folder, empty]) await rm(one, { recursive: true, force: true });
    },
  };
}
