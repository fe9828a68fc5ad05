/**
 * Programs that need no package installed: of one file by Bun and by Node.js, and bundles by Bun.
 */
import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type RuntimeName, runtimeOf } from "./runtimes.ts";

const run = promisify(execFile);
/**
 * Marks in the binary of Node.js where a program is put:
 * https://nodejs.org/api/single-executable-applications.html
 */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** The programs, in the folder of a project: with its config in code, and with a config file. */
export const standaloneProgram = "suite/standalone.mjs";
export const configuredProgram = "suite/configured.mjs";

interface Builder {
  /** What runs the result; absent: it is a program of its own. */
  readonly runtime?: RuntimeName;
  /**
   * Writes the program into `target`, with what is installed in `folder`. Default:
   * `standaloneProgram`.
   */
  build(folder: string, target: string, program?: string): Promise<unknown>;
}

const byBun = (...flags: readonly string[]): Builder["build"] => {
  const [bun] = runtimeOf("Bun 1.4").command;
  return (folder, target, program = standaloneProgram) =>
    run(join(folder, "node_modules", bun), ["build", ...flags, program, "--outfile", target], {
      cwd: folder,
    });
};

async function bySea(folder: string, target: string, program = standaloneProgram): Promise<void> {
  const node = join(folder, "node_modules", runtimeOf("Node.js 24").command[0]);
  const entryPoints = [join(folder, program)];
  await build({ entryPoints, outfile: join(folder, "sea.cjs"), bundle: true, platform: "node", format: "cjs" });
  const config = { main: "sea.cjs", output: "sea.blob", disableExperimentalSEAWarning: true };
  await writeFile(join(folder, "sea.json"), JSON.stringify(config));
  await run(node, ["--experimental-sea-config", "sea.json"], { cwd: folder });
  await copyFile(node, target);
  const postject = join(folder, "node_modules/postject/dist/cli.js");
  await run(node, [postject, target, "NODE_SEA_BLOB", "sea.blob", "--sentinel-fuse", fuse], { cwd: folder });
}

export const builders = {
  "bun build --compile": { build: byBun("--compile") },
  "bun build --compile --minify --bytecode": { build: byBun("--compile", "--minify", "--bytecode") },
  "bun build --compile without autoload": {
    build: byBun("--compile", "--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"),
  },
  "bun build --target=bun": { build: byBun("--target=bun"), runtime: "Bun 1.4" },
  "bun build --target=node": { build: byBun("--target=node"), runtime: "Node.js 22" },
  "a single executable application of Node.js": { build: bySea },
} as const satisfies Readonly<Record<string, Builder>>;

/** The command that runs what a builder has written. */
export function commandFor({ runtime }: Builder, folder: string, target: string): string[] {
  if (runtime === undefined) return [target];
  const [file, ...own] = runtimeOf(runtime).command;
  return [join(folder, "node_modules", file), ...own, target];
}
