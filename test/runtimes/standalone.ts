/** Programs of one file, which need nothing installed: by Bun, and by Node.js (a single executable application). */
import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const run = promisify(execFile);
/** Marks in the binary of Node.js where a program is put: https://nodejs.org/api/single-executable-applications.html */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Each writes its program into `target`, with what is installed in `folder`. */
export const compilers = {
  async "bun build --compile"(folder: string, target: string) {
    const bun = join(folder, "node_modules/@oven/bun-linux-x64/bin/bun");
    await run(bun, ["build", "--compile", "suite/standalone.mjs", "--outfile", target], { cwd: folder });
  },
  async "a single executable application of Node.js"(folder: string, target: string) {
    const node = join(folder, "node_modules/node-24/bin/node");
    const entryPoints = [join(folder, "suite/standalone.mjs")];
    await build({ entryPoints, outfile: join(folder, "sea.cjs"), bundle: true, platform: "node", format: "cjs" });
    const config = { main: "sea.cjs", output: "sea.blob", disableExperimentalSEAWarning: true };
    await writeFile(join(folder, "sea.json"), JSON.stringify(config));
    await run(node, ["--experimental-sea-config", "sea.json"], { cwd: folder });
    await copyFile(node, target);
    const postject = join(folder, "node_modules/postject/dist/cli.js");
    await run(node, [postject, target, "NODE_SEA_BLOB", "sea.blob", "--sentinel-fuse", fuse], { cwd: folder });
  },
} as const;
