import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * By its command, which makes a folder for each entry: an ES module or CommonJS, as the entry is.
 */
export default async function bundle({ entries, out, minifies }) {
  const command = [process.execPath, "node_modules/@vercel/ncc/dist/ncc/cli.js"];
  const options = ["--no-cache", "--quiet", ...(minifies ? ["--minify", "--source-map"] : [])];
  const warnings = [];
  for (const [name, entry] of Object.entries(entries)) {
    const [file, ...args] = [...command, "build", entry, "--out", join(out, name), ...options];
    const { stdout, stderr } = await promisify(execFile)(file, args);
    warnings.push(...`${stdout}${stderr}`.split("\n").filter((line) => line !== ""));
  }
  return warnings;
}
