/** What users run their programs and tests with: Jest, older versions of Node.js, compilers. */
import { symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Emulator, startEmulator } from "@azidentity/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { jestProject, jestWithEmulator, oldNodeProgram, typeScriptProject } from "./programs.ts";
import { installProject, type Project } from "./project.ts";

let project: Project;
let emulator: Emulator;
beforeAll(async () => {
  [project, emulator] = await Promise.all([installProject(), startEmulator()]);
  await project.write({ ...jestProject, ...jestWithEmulator, "old-node.cjs": oldNodeProgram });
});
afterAll(async () => {
  await emulator?.close();
  await project?.[Symbol.asyncDispose]();
});

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
