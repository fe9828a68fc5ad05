/**
 * Builds the public packages: types by tsc, file for file, and code by esbuild, where everything that a door needs at once is one file. A
 * source file holds one idea, and there are many; loading each costs a program that imports us a third of a millisecond.
 */
import { execFileSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { publicPackages } from "./public-packages.ts";

execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"], { stdio: "inherit" });

const settings = { platform: "node", target: "node22.18", logLevel: "warning", charset: "utf8" } as const;

/** CommonJS files stay files of their own, beside the others: that is what they are for. */
const commonJsApart: Plugin = {
  name: "commonjs-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\.cts$/ }, ({ path }) => ({
      path: path.replace(/^.*\//, "./").replace(/\.cts$/, ".cjs"),
      external: true,
    }));
  },
};

async function buildPackage(folder: string, doors: readonly string[]): Promise<void> {
  const outdir = join(folder, "dist");
  for (const file of globSync("**/*.{js,cjs}", { cwd: outdir })) rmSync(join(outdir, file));
  const entryPoints = doors.map((door) => join(folder, door.replace("./dist/", "src/").replace(/\.js$/, ".ts")));
  const esm = {
    bundle: true,
    splitting: true,
    format: "esm",
    packages: "external",
    chunkNames: "[name]-[hash]",
  } as const;
  // what only tests import stands alone, or it would cut what programs import into more pieces
  const forTests = entryPoints.filter((file) => file.endsWith("/testing.ts"));
  const forPrograms = entryPoints.filter((file) => !forTests.includes(file));
  for (const together of [forPrograms, forTests]) {
    await build({ ...settings, ...esm, plugins: [commonJsApart], entryPoints: together, outdir });
  }
  const commonJs = globSync(`${folder}/src/**/*.cts`);
  await build({
    ...settings,
    format: "cjs",
    entryPoints: commonJs,
    outdir,
    entryNames: "[name]",
    outExtension: { ".js": ".cjs" },
  });
}

await Promise.all(publicPackages().map(({ folder, doors }) => buildPackage(folder, Object.values(doors))));
