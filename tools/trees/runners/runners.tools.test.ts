import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { bundlers } from "./bundlers.ts";
import { jestProject, jestWithEmulator, oldNodeProgram, typeScriptProject } from "./programs.ts";
import { installProject, type Project } from "./project.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Packages that a user may have installed; each says that it was loaded, and does nothing. */
const stub = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "5.0.0", main: "index.js" }),
  [`node_modules/${name}/index.js`]: `(globalThis.loaded ??= []).push("${name}");
const stubOfOptionalPackage = () => { throw new Error("a stub"); };
module.exports = { createClient: stubOfOptionalPackage, AsyncEntry: class { constructor() { stubOfOptionalPackage(); } } };`,
});
const optional = ["redis", "@napi-rs/keyring"];
const stubs = Object.assign({}, ...optional.map(stub)) as Record<string, string>;

const program = `import { createIdentity } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import entra from "@azidentity/plugin-entra";
import users from "@azidentity/plugin-users";
const identityWith = (options) => createIdentity({ plugins: [entra, users, cachePersist], ...options });
const stores = [{ store: "redis", url: "redis://127.0.0.1:9", key: "ab".repeat(32) }, { store: "file", directory: process.env.CACHE }];
const principals = async () => {
  const found = [];
  for (const options of [...stores.map((cache) => ({ config: false, cache })), { configFile: process.env.CONFIG }]) {
    const identity = identityWith(options);
    await identity.getToken("https://storage.azure.com/.default").finally(() => identity.close());
    found.push(identity.explain.last.principal.clientId);
  }
  return found;
};
principals().then((found) => console.log(JSON.stringify({ found, loaded: globalThis.loaded ?? [] })));
`;

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  [project, emulator] = await Promise.all([installProject(), startEmulator()]);
  await project.write({
    ...stubs,
    ...jestProject,
    ...jestWithEmulator,
    "program.mjs": program,
    "old-node.cjs": oldNodeProgram,
  });
  for (const [name, text] of Object.entries(bundlers)) await project.write({ [`${name}.cjs`]: text });
}, 300_000);
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
});

async function bundle(bundler: string): Promise<string> {
  const out = await project.emptyFolder();
  const { stdout, stderr } = await project.node([`${bundler}.cjs`, join(project.folder, "program.mjs"), out]);
  expect(stderr).toBe("");
  return stdout.trim().split("\n").at(-1) ?? "";
}

/** What the bundle prints, with a config file beside it. */
async function output(file: string): Promise<unknown> {
  const folder = dirname(file);
  const config = join(folder, "azidentity.config.mjs");
  await writeFile(config, 'export default { chain: ["environment"] };');
  await writeFile(join(folder, "package.json"), "{}");
  const env = { ...emulator.env("service-principal"), CACHE: join(folder, "cache"), CONFIG: config };
  return JSON.parse((await project.node([file], { cwd: folder, env })).stdout);
}

it.each(Object.keys(bundlers))(
  "A bundle by %s signs in, reads its config file, and loads optional packages where they are installed, without containing them",
  async (bundler) => {
    const file = await bundle(bundler);
    const { clientId } = emulator.application;
    const found = [clientId, clientId, clientId];
    const written = await readdir(dirname(file), { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of written.filter((each) => each.isFile()))
      expect(await readFile(join(parentPath, name), "utf8")).not.toContain("stubOfOptionalPackage");
    expect(await output(file)).toEqual({ found, loaded: [] });
    for (const [name, text] of Object.entries(stubs)) {
      await mkdir(dirname(join(dirname(file), name)), { recursive: true });
      await writeFile(join(dirname(file), name), text);
    }
    expect(await output(file)).toEqual({ found, loaded: optional });
  },
);

it.each(["", "--experimental-vm-modules"])(
  "Jest with NODE_OPTIONS='%s' gets tokens, reads config files, and sees the variables that a test sets",
  async (options) => {
    const env = { ...emulator.env("service-principal"), NODE_OPTIONS: options };
    const { stderr } = await project.node(["node_modules/jest/bin/jest.js", "--rootDir", "jest", "--ci"], { env });
    expect(stderr).toContain("Tests:       5 passed, 5 total");
  },
);

it("Jest starts the emulator in its global setup, and its tests get tokens of it", async () => {
  const link = join(project.folder, "node_modules/@azidentity/emulator");
  await symlink(resolve("packages/emulator"), link, "junction"); // its own dependencies are in the workspace
  const { stderr } = await project.node([
    "node_modules/jest/bin/jest.js",
    "--config",
    "jest-emulator/jest.config.json",
    "--ci",
  ]);
  expect(stderr).toContain("Tests:       1 passed, 1 total");
});

it.each(["22.3", "23.0"])(
  "Node.js %s gets tokens from CommonJS and ES modules, and says what a config in TypeScript needs",
  async (version) => {
    const node = join(project.folder, `node_modules/node-${version}/bin/node`);
    const env = emulator.env("service-principal");
    const { stdout } = await project.node(["old-node.cjs"], { node, env });
    const { clientId } = emulator.application;
    const mts = expect.stringMatching(/^Use Node\.js 22\.18 or newer/);
    expect(JSON.parse(stdout)).toEqual({ required: clientId, imported: clientId, mts, cjs: clientId, yaml: clientId });
  },
);

const compilers = [
  { version: "5.9", tsc: "node_modules/typescript/bin/tsc" },
  { version: "7", tsc: resolve("node_modules/typescript/bin/tsc") },
];
const kinds = ["commonjs", "node16", "nodenext", "esnext"];

it.each(compilers.flatMap((compiler) => kinds.map((module) => ({ ...compiler, module }))))(
  "TypeScript $version compiles a composite project of declarations with `module: $module`",
  async ({ version, tsc, module }) => {
    const folder = `types-${version}-${module}`;
    const kind = module === "esnext" ? { module, moduleResolution: "bundler" } : { module };
    const output = { declaration: true, composite: true, outDir: "out", rootDir: "." };
    const compilerOptions = {
      ...kind,
      ...output,
      target: "es2022",
      strict: true,
      esModuleInterop: true,
      types: ["node"],
    };
    await project.write({
      [`${folder}/package.json`]: "{}",
      [`${folder}/tsconfig.json`]: JSON.stringify({ compilerOptions, files: ["config.ts"] }),
      [`${folder}/config.ts`]: typeScriptProject,
    });
    const compiled = project.node([tsc, "-p", folder]).then(
      ({ stdout }) => stdout,
      ({ stdout }) => stdout,
    );
    expect(await compiled).toBe("");
    if (module !== "esnext") await project.node(["-e", `require("./${folder}/out/config.js")`]);
  },
);
