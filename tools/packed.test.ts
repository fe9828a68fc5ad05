/**
 * The packages as users get them: packed, installed from their tarballs, and run from ES modules,
 * CommonJS and bundles of both.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const shell = process.platform === "win32"; // npm and npx are scripts there

const answer = `
identity
  .getToken("https://storage.azure.com/.default")
  .then(() => console.log(JSON.stringify(identity.explain.last.principal)))
  .finally(() => identity.close());
`;
const identityInCode = `
const identity = createIdentity({
  config: false,
  plugins: [entra],
  chain: [
    {
      source: "client-secret",
      options: {
        tenantId: { env: "AZURE_TENANT_ID" },
        clientId: { env: "AZURE_CLIENT_ID" },
        clientSecret: { env: "AZURE_CLIENT_SECRET" },
      },
    },
  ],
});
`;
const inCode = identityInCode + answer;
const inFile = `
const identity = createIdentity({ plugins: [entra], requireConfig: true });
${answer}`;
const esm = `import { createIdentity } from "@azidentity/core";
import entra from "@azidentity/plugin-entra";
`;
const commonJs = `const { createIdentity } = require("@azidentity/core");
const { default: entra } = require("@azidentity/plugin-entra");
`;

/** Has a class of the program's own created by its own tsyringe. */
const inject = `
const { container, injectable } = await import("tsyringe");
class Part {}
class Whole {
  constructor(part) {
    this.part = part;
  }
}
Reflect.defineMetadata("design:paramtypes", [Part], Whole);
injectable()(Whole);
if (!(container.resolve(Whole).part instanceof Part)) throw new Error("tsyringe did not inject");
`;
const programs = {
  "esm.mjs": esm + inCode,
  "commonjs.cjs": commonJs + inCode,
  "injects-first.mjs": `import "reflect-metadata";\n${inject}${esm}${inCode}`,
  "injects-last.mjs": `${esm}${identityInCode}
await identity.ready();
if (Reflect.getMetadata !== undefined) throw new Error("core has changed Reflect");
await import("reflect-metadata");
${inject}${answer}`,
};
const configured = { "configured.mjs": esm + inFile, "configured.cjs": commonJs + inFile };

/** A program in both formats that asks the default chain of some plugins. */
const chainOf = (name: string, ...plugins: readonly string[]) => {
  const names = plugins.map((_, index) => `plugin${index}`);
  const program = `
const identity = createIdentity({ config: false, plugins: [${names.join()}] });
${answer}`;
  const load = (line: (name: string, plugin: string) => string) =>
    plugins.map((plugin, index) => line(`plugin${index}`, plugin)).join("\n");
  return {
    [`${name}.mjs`]: `import { createIdentity } from "@azidentity/core";
${load((name, plugin) => `import ${name} from "${plugin}";`)}
${program}`,
    [`${name}.cjs`]: `const { createIdentity } = require("@azidentity/core");
${load((name, plugin) => `const { default: ${name} } = require("${plugin}");`)}
${program}`,
  };
};
const hosted = chainOf("hosted", "@azidentity/plugin-managed-identity");
const developed = chainOf("developed", "@azidentity/plugin-dev-tools");
const withUser = chainOf("user", "@azidentity/plugin-entra", "@azidentity/plugin-users");
const related = chainOf("related", "@azidentity/plugin-external");
/** A program of the exec contract, in both formats. */
const givesTokens = {
  "gives-tokens.mjs": `import { failure, failureDocument } from "@azidentity/plugin-external/contract";
console.log(failureDocument(failure("not-signed-in", "No.")));`,
  "gives-tokens.cjs": `const { failure, failureDocument } = require("@azidentity/plugin-external/contract");
console.log(failureDocument(failure("not-signed-in", "No.")));`,
};
const config = "chain: [environment]\n";
const ann = { username: "ann@contoso.example", password: "Ann-s3cret" };

/** Programs whose bundles are small: what reads config files is not in them. */
const small = {
  "one-source.mjs": `import { createIdentity } from "@azidentity/core/in-code";
import entra from "@azidentity/plugin-entra/client-secret";
const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = process.env;
const identity = createIdentity({
  plugins: [entra],
  chain: [{ source: "client-secret", options: { tenantId, clientId, clientSecret } }],
});
${answer}`,
  "default-chain.mjs": `import { createIdentity } from "@azidentity/core/in-code";
import devTools from "@azidentity/plugin-dev-tools";
import entra from "@azidentity/plugin-entra";
import managedIdentity from "@azidentity/plugin-managed-identity";
const identity = createIdentity({ plugins: [entra, managedIdentity, devTools] });
${answer}`,
};

let folder: string;
let project: string;
/** Has the command `azid` and what it needs. */
let commandProject: string;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({
    hosts: { "app-service": {}, relay: {} },
    tenants: [{ applications: [{ publicClient: true }], users: [ann] }],
  });
  folder = await mkdtemp(join(tmpdir(), "packed-"));
  project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
  const all = {
    ...programs,
    ...configured,
    ...hosted,
    ...developed,
    ...withUser,
    ...related,
    ...givesTokens,
    ...small,
  };
  for (const [name, text] of Object.entries(all)) await writeFile(join(project, name), text);

  commandProject = join(folder, "command");
  await mkdir(commandProject);
  await writeFile(join(commandProject, "package.json"), JSON.stringify({ name: "command", private: true }));

  const plugins = ["entra", "users", "managed-identity", "dev-tools", "external"].map((name) => `plugin-${name}`);
  const libraries = ["core", ...plugins];
  const ofCommand = ["cli", "emulator", "plugin-broker", "plugin-cache-persist"];
  const tarballOf = (name: string) => join(folder, `${name}.tgz`);
  const pack = (name: string) => {
    const cwd = join(import.meta.dirname, "../packages", name);
    return run("npx", ["--yes", "pnpm@12", "pack", "--out", tarballOf(name)], { cwd, shell });
  };
  await Promise.all([...libraries, ...ofCommand].map(pack));
  const install = (cwd: string, names: readonly string[]) => {
    const quick = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    return run("npm", ["install", ...quick, ...names.map(tarballOf)], { cwd, shell });
  };
  await install(project, libraries);
  await install(commandProject, [...libraries, ...ofCommand]);
}, 300_000);

afterAll(async () => {
  await emulator?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** What a program prints: the principal of its token, in most of them. */
async function principalOf(
  program: string,
  variables: Readonly<Record<string, string>> = emulator.env("service-principal"),
): Promise<unknown> {
  const fence = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost" };
  const env = { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, ...fence, ...variables };
  const { stdout } = await run(process.execPath, [program], { cwd: dirname(program), env, timeout: 60_000 });
  return JSON.parse(stdout);
}

function itsPrincipal() {
  const { tenantId, application } = emulator;
  return { tenantId, clientId: application.clientId, objectId: application.objectId };
}

test.each(Object.keys(programs))("the installed packages sign in from %s", async (program) => {
  expect(await principalOf(join(project, program))).toEqual(itsPrincipal());
});

const formats = [
  { format: "esm", suffix: "mjs" },
  { format: "cjs", suffix: "cjs" },
] as const;

/** A bundle of a program, in a folder of its own. */
async function bundle(program: string, format: "esm" | "cjs"): Promise<string> {
  const outfile = join(folder, `bundle-${program}`, program);
  const entryPoints = [join(project, program)];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format, logLevel: "silent" });
  expect(foldersAbove(outfile).filter((each) => existsSync(join(each, "node_modules")))).toEqual([]);
  return outfile;
}

test.each(formats)(
  "a bundle ($format) made by esbuild signs in where nothing is installed",
  async ({ format, suffix }) => {
    const program = format === "esm" ? "esm.mjs" : `commonjs.${suffix}`;
    expect(await principalOf(await bundle(program, format))).toEqual(itsPrincipal());
  },
);

test.each(Object.keys(small).flatMap((program) => [true, false].map((splitting) => ({ program, splitting }))))(
  "a minified bundle of $program signs in where nothing is installed, and has no YAML parser, splitting: $splitting",
  async ({ program, splitting }) => {
    const outdir = await mkdtemp(join(folder, "small-"));
    const entryPoints = [join(project, program)];
    const options = { bundle: true, minify: true, platform: "node", format: "esm", metafile: true } as const;
    const { metafile } = await build({ entryPoints, outdir, outExtension: { ".js": ".mjs" }, splitting, ...options });
    expect(Object.keys(metafile.inputs).filter((path) => /cosmiconfig|js-yaml/.test(path))).toEqual([]);
    expect(await principalOf(join(outdir, program))).toEqual(itsPrincipal());
  },
);

test.each(formats)(
  "a bundle ($format) is the identity of its host, and so are the installed packages",
  async ({ format, suffix }) => {
    const { clientId, objectId } = emulator.host("app-service").systemAssigned ?? {};
    const principal = { tenantId: emulator.tenantId, clientId, objectId };
    const variables = emulator.env("app-service");
    expect(await principalOf(join(project, `hosted.${suffix}`), variables)).toEqual(principal);
    expect(await principalOf(await bundle(`hosted.${suffix}`, format), variables)).toEqual(principal);
  },
);

test.each(formats)(
  "a bundle ($format) signs in the user of its environment, and so do the installed packages",
  async ({ format, suffix }) => {
    const { AZURE_CLIENT_SECRET: _, ...variables } = emulator.env("service-principal");
    const user = { AZURE_USERNAME: ann.username, AZURE_PASSWORD: ann.password };
    for (const program of [join(project, `user.${suffix}`), await bundle(`user.${suffix}`, format)]) {
      const { tenantId, clientId } = itsPrincipal();
      expect(await principalOf(program, { ...variables, ...user })).toMatchObject({
        tenantId,
        clientId,
        username: ann.username,
      });
    }
  },
);

test.each(formats)(
  "a bundle ($format) gets the token of a relay, and so do the installed packages",
  async ({ format, suffix }) => {
    const { clientId, objectId } = emulator.host("relay").systemAssigned ?? {};
    const principal = { tenantId: emulator.tenantId, clientId, objectId };
    const variables = emulator.env("relay");
    expect(await principalOf(join(project, `related.${suffix}`), variables)).toEqual(principal);
    expect(await principalOf(await bundle(`related.${suffix}`, format), variables)).toEqual(principal);
  },
);

test.each(Object.keys(givesTokens))(
  "the installed package writes documents of the exec contract from %s",
  async (program) => {
    expect(await principalOf(join(project, program))).toMatchObject({ version: 1, error: { code: "not-signed-in" } });
  },
);

test("the first token from App Service loads no module of Node.js that a plain HTTP request does without", async () => {
  const program = join(project, "modules.mjs");
  await writeFile(
    program,
    `import { createIdentity } from "@azidentity/core";
import plugin from "@azidentity/plugin-managed-identity";
await createIdentity({ config: false, plugins: [plugin] }).getToken("https://storage.azure.com/.default");
const heavy = ["crypto", "tls", "child_process", "fs/promises", "worker_threads", "internal/deps/undici/undici"];
console.log(JSON.stringify(heavy.filter((name) => process.moduleLoadList.includes("NativeModule " + name))));
process.exit();
`,
  );
  expect(await principalOf(program, emulator.env("app-service"))).toEqual([]);
});

test.skipIf(process.platform === "win32").each(formats)(
  "a bundle ($format) signs in as the user of the Azure CLI, and so do the installed packages",
  async ({ suffix, format }) => {
    const tenantId = "11111111-1111-4111-8111-111111111111";
    const home = await mkdtemp(join(folder, "home-"));
    const printed = JSON.stringify({ accessToken: "T", expires_on: 4_000_000_000, tenant: tenantId });
    await writeFile(join(home, "az"), `#!/bin/sh\necho '${printed}'\n`, { mode: 0o755 });
    for (const program of [join(project, `developed.${suffix}`), await bundle(`developed.${suffix}`, format)]) {
      expect(await principalOf(program, { HOME: home, PATH: home })).toEqual({ tenantId });
    }
  },
);

test.each(formats)("a bundle ($format) reads the config file beside it", async ({ format, suffix }) => {
  const bundled = await bundle(`configured.${suffix}`, format);
  await writeFile(join(dirname(bundled), "package.json"), "{}");
  await writeFile(join(dirname(bundled), "azidentity.config.yaml"), config);
  expect(await principalOf(bundled)).toEqual(itsPrincipal());
});

test.skipIf(process.platform === "win32")(
  "the installed command azid runs, finds its plugins, and prints a token",
  async () => {
    const azid = join(commandProject, "node_modules/.bin/azid");
    const env = { PATH: process.env.PATH, HOME: commandProject, ...emulator.env("service-principal") };
    const words = ["token", "--scope", "https://storage.azure.com/.default"];
    const { stdout } = await run(azid, words, { cwd: commandProject, env });
    expect(stdout).toMatch(/^eyJ[\w.-]+\n$/);
    const { version } = JSON.parse(
      await readFile(join(commandProject, "node_modules/@azidentity/cli/package.json"), "utf8"),
    );
    expect((await run(azid, ["--version"], { cwd: commandProject, env })).stdout).toBe(`${version}\n`);
  },
);

function foldersAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...foldersAbove(parent)];
}
