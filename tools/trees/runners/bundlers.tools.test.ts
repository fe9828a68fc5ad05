/** Programs are bundled by the bundlers that users have, and run where nothing is installed. */
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dropInPackages } from "../drop-in/drop-in-packages.ts";
import { installOptional, markOfStubs, optional, writeConfigs, writeStubs } from "./beside.ts";
import { installProject, type Project, type RunOptions } from "./project.ts";
import { bundleOf, type Setup, setups, setupsOfStores, titleOf } from "./setups.ts";

/** Programs use one, their config files the other. */
const [ofProgram, ofConfig] = ["6b2e0ad4-0d5a-4a36-9f0f-6d4b8f6f6a01", "0c8f5f0e-5f4b-4f0e-8a7b-2f6f0a7d9b02"];

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  const applications = [ofProgram, ofConfig].map((clientId) => ({ clientId, secrets: ["Secret-for-tests-7"] }));
  const tenants = [{ tenantId: "2e4c0f2b-6bd6-4d8a-93d8-0d0ba2b1a501", applications }];
  [project, emulator] = await Promise.all([
    installProject([...dropInPackages, "plugin-cache-persist"]),
    startEmulator({ tenants }),
  ]);
  for (const folder of ["bundled", "bundlers"])
    await cp(join(import.meta.dirname, folder), join(project.folder, folder), { recursive: true });
  await writeStubs(project.folder);
  const scope = join(project.folder, "bundled/node_modules/@azure");
  await mkdir(scope, { recursive: true });
  await symlink(join(project.folder, "node_modules/@azidentity/identity"), join(scope, "identity"), "junction");
});
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
});

/** Bundles programs into a new folder. */
async function bundle({ bundler, programs, ...job }: Setup): Promise<string> {
  const out = await project.emptyFolder();
  const entries = programs.map((program) => [
    basename(program, program.slice(-4)),
    join(project.folder, "bundled", program),
  ]);
  const options = JSON.stringify({ ...job, out, entries: Object.fromEntries(entries) });
  const { stdout, stderr } = await project.node(["bundlers/main.mjs", bundler, options]);
  const warnings: string[] = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect([...warnings.filter((text) => !isOfMsal(text)), stderr]).toEqual([""]);
  return out;
}

/** MSAL depends on it; docs/runners.md has the warning, which rollup alone gives. */
const isOfMsal = (warning: string) => /^Circular dependency: \S+\/semver\//.test(warning);

/** What a program reports, by the names of its reports. */
async function reported(file: string, options: Pick<RunOptions, "node"> = {}): Promise<Record<string, unknown>> {
  const folder = dirname(file);
  const variables = { TENANT: emulator.tenantId, CLIENT: ofProgram, SECRET: "Secret-for-tests-7" };
  const env = {
    ...emulator.env("service-principal"),
    ...variables,
    CACHE: join(folder, "cache"),
    XDG_CACHE_HOME: folder,
  };
  const { stdout } = await project.node([file], { cwd: folder, env, ...options });
  const lines = stdout.trim().split("\n");
  return Object.assign({}, ...lines.map((line) => JSON.parse(line) as object));
}

const configs = ["the config that is found", "config.json", "config.mjs", "config.cjs"];
const byProgram: Readonly<Record<string, Record<string, unknown>>> = {
  "in-code.mjs": { "in code": ofProgram },
  "config-file.mjs": {
    ...Object.fromEntries(configs.map((name) => [name, ofConfig])),
    "a typo": { isOurs: true, name: "ConfigurationError", code: "config-malformed", line: 2 },
  },
  "drop-in.mjs": {
    DefaultAzureCredential: ofConfig, // which a config steers
    ClientSecretCredential: ofProgram,
    "a wrong secret": {
      name: "AuthenticationRequiredError",
      message: expect.stringMatching(/^ClientSecretCredential: invalid_client/),
      isAggregate: false,
      credential: expect.any(String),
    },
    "an empty chain": {
      name: "AggregateAuthenticationError",
      message: expect.stringMatching(
        /^ChainedTokenCredential authentication failed\.\nCredentialUnavailableError: not here/,
      ),
      isAggregate: true,
      credential: expect.any(String),
    },
  },
  "stores.mjs": {
    stores: { redis: ofProgram, file: ofProgram, loaded: [] },
    "the store of the drop-in": expect.stringContaining("npm install @azidentity/plugin-cache-persist"),
  },
  "required.cjs": { DefaultAzureCredential: ofConfig, createIdentity: ofProgram },
};
const expected = (program: string) =>
  program === "all.mjs" ? Object.assign({}, ...Object.values(byProgram).slice(0, 4)) : byProgram[program];

async function expectNoStub(folder: string): Promise<void> {
  const written = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of written.filter((each) => /\.[cm]?js$/.test(each.name)))
    expect(await readFile(join(parentPath, name), "utf8")).not.toContain(markOfStubs);
}

it.each(setups.map((setup) => ({ title: titleOf(setup), setup })))(
  "A bundle by $title gives no warning, and works in Node.js 24 and 22.3 where nothing is installed",
  async ({ setup }) => {
    const out = await bundle(setup);
    await expectNoStub(out);
    for (const program of setup.programs) {
      const file = bundleOf(setup, program, out);
      await writeConfigs(dirname(file), emulator, ofConfig);
      expect(await reported(file)).toEqual(expected(program));
      const node = join(project.folder, "node_modules/node-22.3/bin/node");
      expect(await reported(file, { node })).toEqual(expected(program));
    }
  },
);

it.each(setupsOfStores)(
  "A bundle by $bundler ($format) loads optional packages that are installed beside it",
  async (setup) => {
    const file = bundleOf(setup, "stores.mjs", await bundle(setup));
    await installOptional(dirname(file), project.folder);
    expect(await reported(file)).toEqual({
      stores: { redis: ofProgram, file: ofProgram, loaded: optional },
      "the store of the drop-in": "a token",
    });
  },
);

it.each(["esbuild", "rolldown", "vite", "rollup", "webpack", "rspack", "ncc"])(
  "The source map of a bundle by %s leads from an error to the source of the program",
  async (bundler) => {
    const setup: Setup = { bundler, format: "esm", splits: false, minifies: true, programs: ["stack.mjs"] };
    const file = bundleOf(setup, "stack.mjs", await bundle(setup));
    const { stdout } = await project.node(["--enable-source-maps", file], { cwd: dirname(file) });
    expect(stdout).toMatch(/^ +at .*bundled\/stack\.mjs:[5-7]:/m);
  },
);
