/**
 * Packs every public package as for a release, checks what is in the tarballs, and prints their
 * sizes.
 */
import { exec } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PublicPackage, publicPackages } from "./public-packages.ts";
import { readFacts } from "./read-facts.ts";

const run = promisify(exec);

interface Packed extends PublicPackage {
  readonly tarball: string;
  /** Where the tarball is unpacked, and the files that were in it. */
  readonly root: string;
  readonly paths: readonly string[];
}

async function pack(each: PublicPackage, temporary: string): Promise<Packed> {
  const root = join(temporary, each.folder);
  const tarball = `${root}.tgz`;
  mkdirSync(root, { recursive: true });
  await run(`npx --yes pnpm@12 pack --out "${tarball}"`, { cwd: each.folder });
  await run(`tar -xzf "${tarball}" -C "${root}" --strip-components=1`);
  const paths = globSync("**/*", { cwd: root }).filter((path) => statSync(join(root, path)).isFile());
  return { ...each, tarball, root, paths };
}

function checkFiles({ folder, programs, entryPoints, commonJs = {}, paths }: Packed): string[] {
  const commands = Object.values(programs).map((module) => module.slice("./".length));
  const modules = Object.values(entryPoints).map((module) => module.slice("./".length));
  const required = Object.values(commonJs).map((module) => module.slice("./".length));
  const declarationsOf = (module: string) => module.replace(/\.(c?)js$/, ".d.$1ts");
  const generated = required.map(declarationsOf);
  const wanted = [
    "README.md",
    "LICENSE",
    ...commands,
    ...modules,
    ...modules.map(declarationsOf),
    ...required,
    ...generated,
  ];
  const refused = paths.filter((path) => /\.test(?:-d)?\.|\.tsbuildinfo$/.test(path));
  const sourceOf = (path: string) => path.replace(/^dist\/(?:esm\/)?/, "src/").replace(/\.d\.(c?ts)$/, ".$1");
  const stale = paths
    .filter((path) => /^dist\/.+\.d\.c?ts$/.test(path) && !generated.includes(path))
    .filter((path) => !existsSync(join(folder, sourceOf(path))));
  return [
    ...wanted.filter((path) => !paths.includes(path)).map((path) => `${path} is missing from the tarball`),
    ...refused.map((path) => `${path} must not be published`),
    ...stale.map((path) => `${path} has no source any more: delete ${folder}/dist and build again`),
  ];
}

/** Packages of which parts are in the code without their licence beside it. */
function checkLicenses({ root, paths }: Packed): string[] {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const modules = paths.filter((path) => path.endsWith(".js")).flatMap((path) => read(path).match(/^\/\/ .*$/gm) ?? []);
  const names = modules.flatMap((module) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? []);
  const licenses = paths.filter((path) => path.endsWith("/third-party-licenses.txt")).map(read);
  const licensed = (name: string) => licenses.some((text) => text.match(RegExp(`^${name} `, "m")));
  return [...new Set(names)].filter((name) => !licensed(name)).map((name) => `the licence of ${name} is missing`);
}

/**
 * Packages that the code needs and the manifest does not bring; inside this workspace they would
 * still be found.
 */
function checkDependencies({ name, root, paths }: Packed): string[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const known = Object.keys({
    [name]: true,
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  return paths
    .filter((path) => /\.(?:js|d\.ts)$/.test(path))
    .flatMap((path) => readFacts(path, readFileSync(join(root, path), "utf8")).map((fact) => ({ path, ...fact })))
    .filter(({ kind }) => kind === "import" || kind === "dynamic" || kind === "type")
    .filter(({ target }) => !isBuiltin(target) && !target.startsWith("dist/"))
    .filter(({ target }) => !known.includes(target.split("/", target.startsWith("@") ? 2 : 1).join("/")))
    .map(({ path, target }) => `${path} imports ${target}, which is no dependency`);
}

/**
 * Entry points that CommonJS, bundlers or the older resolution of TypeScript would not find as
 * others do.
 */
function checkEntryPoints({ root, entryPoints, workers, commonJs: required }: Packed): string[] {
  if (required === undefined) return [];
  const { exports, typesVersions } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.entries(entryPoints).flatMap(([name, module]) => {
    const types = module.replace(/\.js$/, ".d.ts");
    const inWorkers = workers[name] === undefined ? {} : { workerd: { types, default: workers[name] } };
    const wanted = {
      ...inWorkers,
      bun: module,
      "module-sync": module,
      module,
      require: required[name],
      default: module,
    };
    const isTyped = name === "." || typesVersions?.["*"]?.[name.slice(2)]?.[0] === types;
    return [
      ...(JSON.stringify(exports[name]) === JSON.stringify(wanted) ? [] : [`exports["${name}"] is not as the others`]),
      ...(isTyped ? [] : [`typesVersions has no "${name.slice(2)}": ["${types}"]`]),
    ];
  });
}

/** Commands that a shell could not start: without the line that names Node.js. */
function checkPrograms({ root, programs }: Packed): string[] {
  return Object.entries(programs)
    .filter(([, module]) => !readFileSync(join(root, module), "utf8").startsWith("#!/usr/bin/env node\n"))
    .map(([name]) => `the command ${name} does not begin with #!/usr/bin/env node`);
}

async function checkManifest({ root }: Packed): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: root, pack: false, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/**
 * A CommonJS caller gets an ES module where Node.js can `require()` one (condition `module-sync`).
 * Node.js 10 knows no `exports`, so its way of looking for entry points is left out.
 */
async function checkTypes({ tarball, entryPoints }: Packed): Promise<string[]> {
  if (Object.keys(entryPoints).length === 0) return []; // a command alone
  const options = "--profile node16 --ignore-rules cjs-resolves-to-esm --no-definitely-typed --no-color --no-emoji";
  return run(`node_modules/.bin/attw "${tarball}" ${options}`).then(
    () => [],
    ({ stdout, stderr }) => [`attw: ${stdout}${stderr}`],
  );
}

function sizes({ name, tarball, root, paths }: Packed): string {
  const kilobytes = (files: string[]) =>
    `${(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000).toFixed(1)} kB`;
  const unpacked = paths.map((path) => join(root, path));
  return `${name}: ${kilobytes([tarball])} packed, ${kilobytes(unpacked)} unpacked, ${paths.length} files`;
}

const temporary = mkdtempSync(join(tmpdir(), "packages-"));
try {
  const checks = [
    checkFiles,
    checkPrograms,
    checkEntryPoints,
    checkLicenses,
    checkDependencies,
    checkManifest,
    checkTypes,
  ];
  await Promise.all(
    publicPackages().map(async (each) => {
      const packed = await pack(each, temporary);
      const problems = (await Promise.all(checks.map((check) => check(packed)))).flat();
      for (const problem of problems) console.error(`${each.name}: ${problem}`);
      if (problems.length > 0) process.exitCode = 1;
      console.log(sizes(packed));
    }),
  );
} finally {
  rmSync(temporary, { recursive: true });
}
