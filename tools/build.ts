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

/**
 * Entry points that keep what only they need in files of their own. The index of core needs what
 * reads config files: bundlers that follow an `import()` would find it in a shared file.
 */
const standsAlone = (door: string) => /\/core\/src\/(?:index|entra)\.ts$/.test(door);
/** What the index of core has in common with the first token. */
const alsoShared = /\/core\/src\/config\/json-schema\.ts$/;
/** What the first token needs, besides what an import needs. */
const firstToken = /\/core\/src\/runtime\/load-runtime\.ts$/;

/**
 * Dependencies of which a package needs a part, by folder. They are in its chunks, without what is
 * not used: as files of their own, the forty of tsyringe take a process 10 ms or more to load. Only
 * the decorators of tsyringe need reflect-metadata, so it is left out with them.
 */
const inlined: Readonly<Record<string, RegExp>> = {
  "packages/core": /^(?:tsyringe|tslib|reflect-metadata)(?:\/|$)/,
};

/** What the doors of a package share is one chunk; what is loaded on first use has chunks of its own. */
async function bundle(folder: string, doors: readonly string[]): Promise<void> {
  const input = Object.fromEntries(doors.map((door) => [basename(door, ".ts"), door]));
  const together = doors.filter((door) => !standsAlone(door));
  const groups = [
    {
      name: "shared",
      test: (id: string) => together.some((door) => id.endsWith(door)) || alsoShared.test(id),
      priority: 2,
    },
    { name: "first-token", test: firstToken, priority: 1 },
  ];
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
      ...(doors.length > 1 && { codeSplitting: { groups } }),
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
