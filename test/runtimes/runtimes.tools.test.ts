import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fillPage } from "../../tools/fill-page.ts";
import { areaTable, caseTable, type Finding } from "./matrix.ts";
import { testPermissions } from "./permissions.ts";
import { installProject, type Project } from "./project.ts";
import { testRefusals } from "./refusals.ts";
import { runIn, runtimeOf, runtimes } from "./runtimes.ts";
import { builders, commandFor, configuredProgram } from "./standalone.ts";
import { testWorkers } from "./workers.ts";
import { startWorld } from "./world.ts";

let project: Project;
beforeAll(async () => {
  project = await installProject();
}, 600_000);
afterAll(() => project?.[Symbol.asyncDispose]());

const findings = new Map<string, readonly Finding[]>();

it.each(runtimes)("Every case of the suite works in $name", async (runtime) => {
  const { name } = runtime;
  const folder = join(project.folder, name.replaceAll(" ", "-"));
  await mkdir(folder);
  await using world = await startWorld(folder);
  const env = { NODE_EXTRA_CA_CERTS: world.emulator.caCertificateFile };
  const { stdout, stderr } = await runIn(runtime, ["suite/main.mjs", world.file], { folder: project.folder, env });
  expect(stderr).toBe("");
  const found = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Finding);
  const azid = ["node_modules/@azidentity/cli/dist/main.js", "token", "--scope", "https://storage.azure.com/.default"];
  const variables = world.emulator.env("service-principal");
  const token = await runIn(runtime, azid, { folder: project.folder, env: variables });
  expect(token).toMatchObject({ stdout: expect.stringMatching(/^eyJ[\w.-]+\n$/), stderr: "" });
  found.push({ area: "the command azid", name: "azid token", outcome: "ok" });
  findings.set(name, found);
  expect(found.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  const [first = []] = findings.values();
  expect(found.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
});

it.each(Object.keys(builders) as (keyof typeof builders)[])(
  "A program by %s signs in where nothing is installed",
  async (name) => {
    const empty = await project.emptyFolder();
    const target = join(empty, "program");
    await builders[name].build(project.folder, target);
    await using emulator = await startEmulator();
    const env = { HOME: empty, ...emulator.env("service-principal") };
    const [file = "", ...args] = commandFor(builders[name], project.folder, target);
    const { stdout } = await promisify(execFile)(file, args, { cwd: empty, env });
    expect(stdout).toBe(`${emulator.application.clientId}\n`);
  },
);

it.each(["bun build --compile without autoload", "a single executable application of Node.js"] as const)(
  "A program by %s that PATH has found reads the config beside it, and none of the working directory",
  async (name) => {
    const beside = await project.emptyFolder();
    const elsewhere = await project.emptyFolder();
    await builders[name].build(project.folder, join(beside, "program"), configuredProgram);
    await writeFile(join(elsewhere, "azidentity.config.cjs"), 'console.log("of the working directory");');
    await writeFile(join(elsewhere, ".env"), "AZIDENTITY_CONFIG=azidentity.config.cjs\n");
    await writeFile(join(elsewhere, "bunfig.toml"), 'preload = ["./azidentity.config.cjs"]\n');
    await using emulator = await startEmulator();
    const env = { PATH: beside, HOME: elsewhere, ...emulator.env("service-principal") };
    const outputOf = async () => (await promisify(execFile)("program", [], { cwd: elsewhere, env })).stdout;
    expect(await outputOf()).toBe(`${emulator.application.clientId}\n`);
    await writeFile(join(beside, "azidentity.config.json"), '{ "chain": ["a source that no plugin has"] }');
    expect(await outputOf()).toBe("unknown-source\n");
  },
);

it("Under Deno a program, and its Worker, read the config beside deno.json, and none of the working directory", async () => {
  const own = join(project.folder, "of-deno");
  const elsewhere = await project.emptyFolder();
  await mkdir(join(own, "src"), { recursive: true });
  await copyFile(join(project.folder, configuredProgram), join(own, "src/main.mjs"));
  const startWorker = 'new Worker(import.meta.resolve("./worker.mjs"), { type: "module" });';
  for (const [file, text] of [
    [join(own, "deno.json"), '{ "nodeModulesDir": "manual" }'],
    [join(own, "src/starts-worker.mjs"), startWorker],
    [join(own, "src/worker.mjs"), 'import { ended } from "./main.mjs"; ended.then(() => self.close());'],
    [join(own, "azidentity.config.json"), '{ "chain": ["a source that no plugin has"] }'],
    [join(elsewhere, "azidentity.config.cjs"), 'console.log("of the working directory");'],
  ] as const)
    await writeFile(file, text);
  const [file, ...args] = runtimeOf("Deno 2.9").command;
  for (const program of ["main.mjs", "starts-worker.mjs"]) {
    const all = [...args, join(own, "src", program)];
    const { stdout } = await promisify(execFile)(join(project.folder, "node_modules", file), all, {
      cwd: elsewhere,
      timeout: 60_000,
    });
    expect(stdout).toBe("unknown-source\n");
  }
});

testWorkers(() => project, findings);

it("The tables in the README and in docs/runtimes.md are what the suite has found; WRITE_PAGES=1 writes them", async () => {
  const pages = {
    "README.md": new Map([["runtimes", areaTable(findings)]]),
    "docs/runtimes.md": new Map([["cases", caseTable(findings)]]),
  };
  for (const [page, parts] of Object.entries(pages)) {
    const file = join(import.meta.dirname, "../..", page);
    const text = await readFile(file, "utf8");
    const filled = fillPage(page, text, parts);
    if (process.env.WRITE_PAGES === "1") await writeFile(file, filled);
    else expect(text).toBe(filled);
  }
});

testPermissions(() => project);
testRefusals(() => project);
