/** A project that has the packed packages and the runners of this folder installed. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { pack, unpack } from "../packed.ts";

const run = promisify(execFile);
const packages = ["core", "plugin-entra", "plugin-users", "plugin-managed-identity", "plugin-cache-persist"];

export interface Project extends AsyncDisposable {
  /** Its folder; another folder with nothing installed is made by `emptyFolder`. */
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  emptyFolder(): Promise<string>;
  /** Runs a program of the tree with Node.js; rejects, with what it printed, when it fails. */
  node(args: readonly string[], options?: RunOptions): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The Node.js to use. Default: the one that runs the tests. */
  readonly node?: string;
}

/**
 * Installs packages of the workspace, by their names without the scope, beside what package.json
 * names.
 */
export async function installProject(names: readonly string[] = packages): Promise<Project> {
  const top = await mkdtemp(join(tmpdir(), "runners-"));
  const folder = join(top, "project");
  await mkdir(folder);
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  const tarballs = await pack(names, top);
  const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", "--no-save", ...quick], { cwd: folder });
  for (const [name, tarball] of tarballs) await unpack(tarball, join(folder, "node_modules/@azidentity", name));
  return {
    folder,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
    },
    emptyFolder: () => mkdtemp(join(top, "empty-")),
    node: (args, { env = {}, cwd = folder, node = process.execPath } = {}) =>
      run(node, [...args], { cwd, env: { PATH: process.env.PATH, HOME: top, ...env }, timeout: 240_000 }),
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}
