/**
 * Builds the public packages: declarations with tsc, one per source file; code with rolldown, which
 * puts what a program loads at once into one chunk, because loading a file takes a third of a
 * millisecond.
 */
import { execFileSync } from "node:child_process";
import { globSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { build, type Plugin, rolldown } from "rolldown";
import { ascii, ownUrl, requireOnFirstUse, unindented } from "./chunk-text.ts";
import { commonJsTypes } from "./commonjs-types.ts";
import { dropMethods } from "./drop-methods.ts";
import { missingDeclarations, pruneDeclarations } from "./prune-declarations.ts";
import { publicPackages } from "./public-packages.ts";
import { thirdPartyLicenses } from "./third-party-licenses.ts";
import { yamlLoaderAlone } from "./yaml-loader-alone.ts";

const packages = publicPackages().map(({ folder, programs, entryPoints, workers, commonJs = {} }) => ({
  folder,
  modules: [programs, entryPoints, workers].flatMap(Object.values).map((module) => join(folder, module)),
  typed: Object.values(entryPoints).map((module) => join(folder, module)),
  commonJs: Object.values(commonJs).map((module) => join(folder, module)),
}));
type Package = (typeof packages)[number];

/** Writes the declarations of sources that have changed, or of all. */
function compile(...options: readonly string[]): void {
  const tsc = join("node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "-b", ...options], { stdio: "inherit" });
}
compile();
// those that no entry point led to were deleted by the last build, and one may be needed now
if (packages.some(({ typed }) => missingDeclarations(typed).length > 0)) compile("--force");

/**
 * Entry points that keep what only they need in files of their own. The index of core needs what
 * reads config files: bundlers that follow an `import()` would find it in a shared file.
 */
const standsAlone = (entryPoint: string) =>
  /\/core\/src\/(?:(?:index|in-code)-in-worker|index|inspect|json-schema|project|entra|store|testing)\.ts$/.test(
    entryPoint,
  );
/** What the index of core has in common with that of Workers, and with the first token. */
const alsoShared = /\/core\/src\/runtime\/start-place\.ts$/;
/**
 * Entry points that share no file with others: parts of plugins, so that a bundle of one has
 * nothing of the rest.
 */
const isBuiltAlone =
  /\/(?:plugin-entra\/src\/(?:client-secret|pkcs12)|plugin-cache-persist\/src\/(?:msal|seal)|plugin-external\/src\/contract)\.ts$/;

/**
 * What the commands of azid have in common: what reads the command line and writes to the terminal,
 * and what opens the identity of a project, which needs core. As files of their own, they take each
 * command 10 ms to load.
 */
const ofCommands = [
  { name: "terminal", test: /\/cli\/src\/(?:(?:terminal|command-line|errors\/command-error)\b|(?!main\.)[^/]+\.ts$)/ },
  { name: "project", test: /\/cli\/src\/(?:project|scope|walks|findings|errors\/(?:describe|render)-error)\b/ },
];

/** What the first token needs, besides what an import needs. */
const firstToken = /\/core\/src\/runtime\/first-use\.ts$/;

/**
 * Dependencies of which a package needs a part, by folder. They are in its chunks, without what is
 * not used: as files of their own, the forty of tsyringe take a process 10 ms or more to load. Only
 * the decorators of tsyringe need reflect-metadata, so it is left out with them. The drop-in has
 * one store of plugin-cache-persist, of which the rest weighs 4 MB with its dependency.
 */
const inlined: Readonly<Record<string, RegExp>> = {
  "packages/core": /^(?:tsyringe|tslib|reflect-metadata|cosmiconfig)(?:\/|$)/,
  "packages/identity": /^@azidentity\/plugin-cache-persist\/msal$/,
};
/** Parts of other packages here that are inlined, by the name that they are imported by. */
const sourceOf = {
  "@azidentity/plugin-cache-persist/msal": join(import.meta.dirname, "../packages/plugin-cache-persist/src/msal.ts"),
};

/**
 * Core registers factories and values in its container, and resolves one at a time: no classes, no
 * scopes.
 */
const unusedOfTsyringe = [
  ...["registerType", "registerInstance", "registerSingleton", "construct", "resolveParams"],
  ...["resolveAll", "getAllRegistrations", "beforeResolution", "afterResolution", "clearInstances", "reset", "dispose"],
];

/**
 * Without the methods above, nothing registers an interceptor or disposes a container. Core passes
 * no lifecycle, and resolves only what is registered, so that nothing here throws. The container
 * above all others stays empty, so that they copy nothing from it.
 */
const idleInTsyringe = [
  ...["executePreResolutionInterceptor", "executePostResolutionInterceptor", "interceptors"],
  ...["ensureNotDisposed", "disposed", "disposables"],
];

/**
 * Stack traces of ES modules show lines and the names of functions as they were written; variables
 * have short names.
 */
const readable = {
  compress: true,
  mangle: { toplevel: false, keepNames: true },
  codegen: { removeWhitespace: false },
} as const;
/** CommonJS comes on top of the ES modules, so its size counts. */
const small = { compress: true, mangle: true, codegen: { removeWhitespace: true } } as const;
/** Programs compare the names of its classes, so none is shortened. */
const isReadByName = (folder: string) => folder === "packages/identity";

/**
 * What the entry points of a package share is one chunk; what is loaded on first use has chunks of
 * its own. Each is built twice, as an ES module and as CommonJS.
 */
async function bundle({ folder, modules: built, commonJs }: Package, entryPoints: readonly string[]): Promise<void> {
  const input = Object.fromEntries(entryPoints.map((entryPoint) => [basename(entryPoint, ".ts"), entryPoint]));
  const together = entryPoints.filter((entryPoint) => !standsAlone(entryPoint));
  const groups = [
    {
      name: "shared",
      test: (id: string) => together.some((entryPoint) => id.endsWith(entryPoint)) || alsoShared.test(id),
      priority: 2,
    },
    { name: "first-token", test: firstToken, priority: 1 },
  ];
  const isInlined = (id: string) => inlined[folder]?.test(id) === true;
  const several = entryPoints.length > 1;
  const modules = await rolldown({
    input,
    platform: "node",
    // a single entry point has what its chunks share, under short names that are in no declaration
    preserveEntrySignatures: several ? "strict" : "allow-extension",
    // packages and built-in modules; CommonJS files stay separate files
    external: (id) => !/^[./]/.test(id) && !isInlined(id),
    transform: { target: "node22.3" },
    resolve: { mainFields: ["es2015", "module", "main"], alias: sourceOf },
    treeshake: {
      moduleSideEffects: [{ test: /\/node_modules\//, sideEffects: false }],
      propertyReadSideEffects: false, // no getter here does anything but return a value
    },
    plugins: [
      {
        name: "commonjs-apart",
        resolveId: (id) => (id.endsWith(".cts") ? { id: `./${basename(id, ".cts")}.cjs`, external: true } : null),
      },
      dropMethods(/\/tsyringe\/.*\/dependency-container\.js$/, unusedOfTsyringe, {
        idle: idleInTsyringe,
        unset: ["lifecycle"],
        throws: true,
        loops: true,
      }),
      dropMethods(/\/tsyringe\/.*\/registry-base\.js$/, ["entries", "getAll", "setAll", "clear"]),
      dropMethods(/\/tsyringe\/.*\/class-provider\.js$/, [], { emptied: ["isClassProvider"] }),
      dropMethods(/\/tsyringe\/.*\/token-provider\.js$/, [], { emptied: ["isTokenProvider"] }),
      dropMethods(/\/tsyringe\/.*\/injection-token\.js$/, [], { emptied: ["isConstructorToken", "isNormalToken"] }),
      dropMethods(/\/tsyringe\/.*\/interceptors\.js$/, ["constructor"]),
      dropMethods(/\/tsyringe\/.*\/lazy-helpers\.js$/, ["constructor", "createProxy", "createHandler"]), // of `construct`
      yamlLoaderAlone,
      thirdPartyLicenses("third-party-licenses.txt"),
      ascii,
    ],
    logLevel: "warn",
  });
  const write = (format: "esm" | "cjs", target: string, plugins: Plugin[]) => {
    const ending = extname(target);
    return modules.write({
      dir: dirname(target),
      format,
      plugins,
      exports: "named",
      entryFileNames: `[name]${ending}`,
      chunkFileNames: `[name]-[hash]${ending}`,
      minify: format === "esm" || isReadByName(folder) ? readable : small,
      comments: { jsdoc: false }, // editors read them in the declarations; Node would parse them in each process
      ...(several && { codeSplitting: { groups } }),
      ...(folder === "packages/cli" && { codeSplitting: { groups: ofCommands } }),
    });
  };
  const [esModule] = built;
  const [required] = commonJs;
  if (esModule !== undefined) await write("esm", esModule, [unindented, ownUrl]);
  if (required !== undefined) await write("cjs", required, [requireOnFirstUse]);
  await modules.close();
}

/**
 * The CommonJS build of an entry point has declarations beside it, and its folder says what it is.
 */
function declareCommonJs(module: string, required: string): void {
  const declarations = module.replace(/\.js$/, ".d.ts");
  const [, kind = ""] = /\.(c?)js$/.exec(required) ?? [];
  writeFileSync(required.replace(/\.c?js$/, `.d.${kind}ts`), commonJsTypes(declarations, dirname(required)));
  if (kind === "") writeFileSync(join(dirname(required), "package.json"), '{ "type": "commonjs" }\n');
}

async function buildPackage(each: Package): Promise<void> {
  const { folder, modules, typed, commonJs } = each;
  const outdir = join(folder, "dist");
  for (const file of globSync("**/*.{js,cjs,txt}", { cwd: outdir })) rmSync(join(outdir, file));
  pruneDeclarations(outdir, typed);
  const sources = modules.map((module) => module.replace(/\bdist\b(?:\/esm)?(.*)\.js$/, "src$1.ts"));
  const alone = sources.filter((file) => isBuiltAlone.test(file));
  const together = sources.filter((file) => !alone.includes(file));
  for (const entryPoints of [together, ...alone.map((file) => [file])]) await bundle(each, entryPoints);
  for (const file of globSync(`${folder}/src/**/*.cts`)) {
    await build({
      input: file,
      platform: "node",
      external: () => true,
      output: { dir: outdir, format: "cjs", entryFileNames: "[name].cjs" },
    });
  }
  // Workers have ES modules alone
  for (const file of globSync("*-in-worker*.cjs", { cwd: outdir })) rmSync(join(outdir, file));
  for (const [index, required] of commonJs.entries()) declareCommonJs(modules[index] as string, required);
}

await Promise.all(packages.map(buildPackage));
