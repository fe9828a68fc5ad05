/**
 * A project that has the packed packages and wrangler installed, and programs of the recipe for
 * Workers.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack, unpack } from "../packed.ts";

const run = promisify(execFile);

/** The settings of a Worker, as far as the tests change or read them. */
export interface WranglerConfig {
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
}

export interface Project extends AsyncDisposable {
  readonly folder: string;
  newFolder(): Promise<string>;
  /** wrangler.json of the recipe. */
  readonly config: WranglerConfig;
  /**
   * Bundles a program of the recipe as `wrangler deploy` does, and sends it nowhere. Returns the
   * file, and what wrangler has printed.
   */
  bundle(program: string, config?: WranglerConfig): Promise<{ readonly path: string; readonly printed: string }>;
}

/** Programs of the recipe, by the names in their first lines, and its wrangler.json. */
async function readRecipe() {
  const page = await readFile(join(import.meta.dirname, "../../../docs/recipes/cloudflare-workers.md"), "utf8");
  const [, config = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  const programs = page.matchAll(/```ts\n(\/\/ ([\w-]+\.ts)\n.*?)```/gs);
  return {
    config: JSON.parse(config) as WranglerConfig,
    programs: [...programs].map(([, code = "", name = ""]) => ({ name, code })),
  };
}

export async function installProject(): Promise<Project> {
  const top = await mkdtemp(join(tmpdir(), "wrangler-"));
  const folder = join(top, "project");
  const { config, programs } = await readRecipe();
  const tarballs = await pack(["core", "plugin-entra", "plugin-cache-persist"], top);
  await mkdir(folder);
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  for (const [name, tarball] of tarballs) await unpack(tarball, join(folder, "node_modules/@azidentity", name));
  for (const { name, code } of programs) await writeFile(join(folder, name), code);

  const env = { PATH: process.env.PATH, HOME: top, CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
  return {
    folder,
    newFolder: () => mkdtemp(join(top, "folder-")),
    config,
    async bundle(program, changed = config) {
      await writeFile(join(folder, "wrangler.json"), JSON.stringify({ ...changed, main: program }));
      const out = await mkdtemp(join(folder, "out-"));
      const args = ["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "--outdir", out];
      const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env });
      return { path: join(out, program.replace(".ts", ".js")), printed: stdout + stderr };
    },
    [Symbol.asyncDispose]: () => rm(top, { recursive: true, force: true }),
  };
}
