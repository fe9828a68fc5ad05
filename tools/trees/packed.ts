/** The public packages as users get them: packed, and unpacked where a test wants them. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Packs packages into a folder; by their names without the scope. */
export async function pack(names: readonly string[], folder: string): Promise<ReadonlyMap<string, string>> {
  const packages = names.map((name) => ({
    name,
    cwd: join(import.meta.dirname, "../../packages", name),
    out: join(folder, `${name}.tgz`),
  }));
  await Promise.all(packages.map(({ cwd, out }) => run("npx", ["--yes", "pnpm@12", "pack", "--out", out], { cwd })));
  return new Map(packages.map(({ name, out }) => [name, out]));
}

/** Unpacks a tarball into a folder, which is made. */
export async function unpack(tarball: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
}
