/**
 * Builds the public packages: types by tsc, file for file, and code by rolldown, where all that programs load at once is one file. A source
 * file holds one idea, and there are many; loading each costs a program that imports us a third of a millisecond.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "rolldown";
import { publicPackages } from "./public-packages.ts";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"], { stdio: "inherit" });

/** Entry points that plugins load on first use: what they add is not in the chunk that programs load at once. */
const isLoadedLater = (door: string) => door.endsWith("/entra.ts");

/**
 * Dependencies of which a package needs a part, by folder. They are in its chunks, without what is
 * not used: as files of their own, the forty of tsyringe take a process 10 ms or more to load. Only
 * the decorators of tsyringe need reflect-metadata, so it is left out with them.
 */
const inlined: Readonly<Record<string, RegExp>> = {
  "packages/core": /^(?:tsyringe|tslib|reflect-metadata)(?:\/|$)/,
};

/** What a door loads is one chunk, so that two doors of a package share it; what comes on first use has chunks of its own. */
async function bundle(folder: string, doors: readonly string[]): Promise<void> {
  const input = Object.fromEntries(doors.map((door) => [basename(door, ".ts"), door]));
  const atOnce = doors.filter((door) => !isLoadedLater(door));
  const shared = { name: "shared", test: (id: string) => atOnce.some((door) => id.endsWith(door)) };
  const isInlined = (id: string) => inlined[folder]?.test(id) === true;
  await build({
    input,
    platform: "node",
    external: (id) => !/^[./]/.test(id) && !isInlined(id), // packages and Node's own; CommonJS files stay files beside the others
    resolve: { mainFields: ["es2015", "module", "main"] },
    treeshake: { moduleSideEffects: [{ test: /\/node_modules\//, sideEffects: false }] },
    plugins: [
      {
        name: "commonjs-apart",
        resolveId: (id) => (id.endsWith(".cts") ? { id: `./${basename(id, ".cts")}.cjs`, external: true } : null),
      },
      thirdPartyLicenses("third-party-licenses.txt"),
    ],
    output: {
      dir: join(folder, "dist"),
      format: "esm",
      chunkFileNames: "[name]-[hash].js",
      comments: { jsdoc: false }, // editors take them from the declarations; Node would parse them in each process
      ...(doors.length > 1 && { codeSplitting: { groups: [shared] } }),
    },
    logLevel: "warn",
  });
}

async function buildPackage(folder: string, doors: readonly string[]): Promise<void> {
  const outdir = join(folder, "dist");
  for (const file of globSync("**/*.{js,cjs,txt}", { cwd: outdir })) rmSync(join(outdir, file));
  for (const types of globSync("**/*.d.{ts,cts}", { cwd: outdir })) {
    const source = join(folder, "src", types.replace(".d.", "."));
    if (!existsSync(source)) rmSync(join(outdir, types)); // of a file that is gone; tsc leaves them
  }
  const sources = doors.map((door) => join(folder, door.replace("./dist/", "src/").replace(/\.js$/, ".ts")));
  // what only tests import stands alone, or programs would load it too
  const forTests = sources.filter((file) => file.endsWith("/testing.ts"));
  const forPrograms = sources.filter((file) => !forTests.includes(file));
  for (const together of [forPrograms, forTests]) if (together.length > 0) await bundle(folder, together);
  for (const file of globSync(`${folder}/src/**/*.cts`)) {
    await build({
      input: file,
      platform: "node",
      external: () => true,
      output: { dir: outdir, format: "cjs", entryFileNames: "[name].cjs" },
    });
  }
}

await Promise.all(publicPackages().map(({ folder, doors }) => buildPackage(folder, Object.values(doors))));
