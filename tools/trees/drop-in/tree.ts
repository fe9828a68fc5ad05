/**
 * The libraries of this folder, installed once, beside `@azure/identity` and beside the drop-in.
 */
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack, unpack } from "../packed.ts";
import { dropInPackages } from "./drop-in-packages.ts";

const run = promisify(execFile);

/** Which package is installed as `@azure/identity`. */
export type Variant = "peer" | "drop-in";

export interface Tree extends AsyncDisposable {
  /** Runs a program; resolves with what it printed, and rejects with that, too, when it fails. */
  run(variant: Variant, program: string, env: Readonly<Record<string, string>>, onStderr: () => void): Promise<string>;
}

export async function installTree(): Promise<Tree> {
  const top = await mkdtemp(join(tmpdir(), "drop-in-"));
  const folders = { peer: join(top, "peer"), "drop-in": join(top, "drop-in") };
  await mkdir(folders.peer);
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folders.peer, name));
  await cp(join(import.meta.dirname, "programs"), join(folders.peer, "programs"), { recursive: true });
  const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["ci", ...quick], { cwd: folders.peer });
  await replace(folders.peer, folders["drop-in"], top);
  return {
    run: (variant, program, env, onStderr) => start(folders[variant], program, env, onStderr),
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}

/** Copies a tree as hard links, with the drop-in and its packages in place of `@azure/identity`. */
async function replace(from: string, to: string, top: string): Promise<void> {
  const [tarballs] = await Promise.all([pack(dropInPackages, top), run("cp", ["-al", from, to])]);
  const modules = join(to, "node_modules");
  await rm(join(modules, "@azure/identity"), { recursive: true });
  for (const [name, tarball] of tarballs)
    await unpack(tarball, join(modules, name === "identity" ? "@azure/identity" : `@azidentity/${name}`));
}

async function start(
  folder: string,
  program: string,
  env: Readonly<Record<string, string>>,
  onStderr: () => void,
): Promise<string> {
  const started = run(process.execPath, [`programs/${program}.mjs`], { cwd: folder, env, timeout: 300_000 });
  started.child.stderr?.on("data", onStderr);
  return (await started).stdout;
}
