/**
 * The test doubles of programs, in the runners and with the libraries that they use: each suite of
 * `doubles/` with `@azure/identity` and with the drop-in in its place.
 */
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dropInPackages } from "../drop-in/drop-in-packages.ts";
import { installProject, type Project } from "./project.ts";

type Variant = "peer" | "drop-in";
let project: Project;
beforeAll(async () => {
  project = await installProject(dropInPackages);
  await project.write({ "peer/package.json": "{}", "drop-in/package.json": "{}" });
  for (const variant of ["peer", "drop-in"])
    await cp(join(import.meta.dirname, "doubles"), join(project.folder, variant), { recursive: true });
  const scoped = join(project.folder, "drop-in/node_modules/@azure");
  await mkdir(scoped, { recursive: true });
  await symlink(join(project.folder, "node_modules/@azidentity/identity"), join(scoped, "identity"), "junction");
});
afterAll(() => project?.[Symbol.asyncDispose](), 60_000);

/**
 * Runs a program in the folder of a variant, and resolves with what it printed, also if its tests
 * fail.
 */
async function run(variant: Variant, args: readonly string[]): Promise<string> {
  const started = project.node(args, { cwd: join(project.folder, variant) });
  const { stdout } = await started.catch((error: { readonly stdout: string }) => error);
  return stdout;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Titles, each with its status, of a report of Jest or of vitest. */
const titlesOf = ({ testResults }: Report): readonly string[] =>
  testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ status, title, failureMessages }) => [`${status}: ${title}`, ...failureMessages].join("\n"))
    .sort();

type Runner = (variant: Variant) => Promise<readonly string[]>;

const modules = "../node_modules";
async function jest(variant: Variant, ...options: readonly string[]): Promise<readonly string[]> {
  return startJest(variant, [`${modules}/jest/bin/jest.js`], options);
}

async function startJest(variant: Variant, program: readonly string[], options: readonly string[]) {
  const file = join(project.folder, variant, "jest-report.json");
  const report = ["--json", "--outputFile", file];
  await run(variant, [...program, "--rootDir", ".", "--ci", ...report, ...options]);
  return titlesOf(JSON.parse(await readFile(file, "utf8")));
}

async function vitest(variant: Variant): Promise<readonly string[]> {
  const file = join(project.folder, variant, "vitest-report.json");
  await run(variant, [`${modules}/vitest/vitest.mjs`, "run", "--reporter=json", `--outputFile=${file}`]);
  return titlesOf(JSON.parse(await readFile(file, "utf8")));
}

const nodeTest =
  (program: string): Runner =>
  async (variant) => {
    const args = ["--experimental-test-module-mocks", "--test-reporter=tap", program];
    const printed = await run(variant, args);
    const lines = printed.matchAll(/^(ok|not ok) \d+ - (.*)$/gm);
    return [...lines].map(([, status, title]) => `${status === "ok" ? "passed" : "failed"}: ${title}`).sort();
  };

const inPlace: Runner = (variant) => jest(variant);
/** Jest by the option with which programs name the file of the package. */
const mapped: Runner = (variant) => {
  const file = { peer: "@azure/identity", "drop-in": "@azidentity/identity" }[variant];
  const map = { "^@azure/identity$": `<rootDir>/../node_modules/${file}/dist/commonjs/index.js` };
  return jest("peer", "--moduleNameMapper", JSON.stringify(map));
};

/** Jest with modules that are loaded as such, and not as CommonJS. */
const native: Runner = (variant) => {
  const program = ["--experimental-vm-modules", `${modules}/jest/bin/jest.js`];
  return startJest(variant, program, ["--testMatch", "**/native.mjs"]);
};

const runners: Readonly<Record<string, readonly [run: Runner, tests: number]>> = {
  "Jest: automock, jest.mock with a factory, jest.spyOn, fake timers": [inPlace, 100],
  "Jest with moduleNameMapper to dist/commonjs/index.js": [mapped, 100],
  "Jest 30 with native modules": [native, 3],
  "vitest: vi.mock, vi.spyOn with and without an access type, fake timers": [vitest, 50],
  "sinon: stub, createStubInstance, mock, spy, fake timers": [nodeTest("sinon.program.cjs"), 50],
  "node:test: mock.method, mock.timers, mock.module": [nodeTest("node-mock.program.mjs"), 20],
};

it.each(Object.entries(runners))("%s: all tests pass with either package", async (_, [runner, atLeast]) => {
  const titles = await runner("peer");
  expect(titles.filter((title) => !title.startsWith("passed: "))).toEqual([]);
  expect(titles.length).toBeGreaterThanOrEqual(atLeast);
  expect(await runner("drop-in")).toEqual(titles);
});
