/** `azid migrate` as a user runs it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { run } from "../src/run.ts";
import { runAzid } from "./run-azid.ts";
import { createTestHost } from "./test-host.ts";

const fixture = (name: string) => join(import.meta.dirname, "lockfiles", name);

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "migrate-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "src"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it("the report says who asks, what becomes of each, and what to type", async () => {
  const { code, stdout, stderr } = await runAzid(["migrate", "--check", fixture("npm")]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`package-lock.json: 6 packages ask for @azure/identity
ASKS                            RANGE    HAS     AFTER
orders                          ^4.13.0  4.14.1  you change it
build-cache 5.179.0             ~4.13.1  4.13.1  override: older 4.x
driver 16.7.1                   ^3.4.1   3.4.2   override: other major
driver 20.3.9                   ^4.13.1  4.14.1  the drop-in
pinned 1.0.0                    4.13.1   4.13.1  override: older 4.x
storage 1.17.6 (optional peer)  ^4.6.0   4.14.1  the drop-in
What was written for another major version gets 4.x: test it.

An override replaces every copy, 3 of which would stay without it:
  in package.json:
    {
      "dependencies": {
        "@azure/identity": "npm:@azidentity/identity@^4.14.1"
      },
      "overrides": {
        "@azure/identity": "$@azure/identity"
      }
    }
  npm install
  npm install @azure/identity@npm:@azidentity/identity@^4.14.1

Goes: 7 packages that nothing else needs. Comes: about 9.6 MB.

0 of 1 files of code mention @azure/identity; nothing in them behaves
differently, as far as a search can tell.
`);
});

it("places in the code are named, and the project stays as it is", async () => {
  const lockfile = await readFile(join(fixture("npm"), "package-lock.json"), "utf8");
  const code = 'import { useIdentityPlugin } from "@azure/identity";\n\nuseIdentityPlugin(ours);\n';
  const folder = await project({ "package-lock.json": lockfile, "package.json": "{}", "src/a.ts": code });
  const { code: exit, stdout } = await runAzid(["migrate", "--check", "--json"], { cwd: join(folder, "src") });
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    lockfile: { manager: "npm" },
    code: { mentions: 1, habits: [{ file: "a.ts", line: 3, habit: "plugin-of-your-own" }] },
  });
  expect(await readFile(join(folder, "package-lock.json"), "utf8")).toBe(lockfile);
});

it("no line is wider than 40 columns, but for what is copied and for paths", async () => {
  const host = createTestHost({ columns: 40, environment: { NO_COLOR: "1" } });
  expect(await run(["migrate", "--check", fixture("npm")], host)).toBe(0);
  const wide = host
    .printed()
    .split("\n")
    .filter((line) => line.length > 40 && !/^ {2}|@azure\/identity/.test(line));
  expect(wide).toEqual([]);
});

it.each([
  ["no lockfile", {}, "no-lockfile"],
  ["a damaged lockfile", { "package-lock.json": "{" }, "unreadable-lockfile"],
  ["a lockfile of npm 6", { "package-lock.json": '{"lockfileVersion":1}' }, "unreadable-lockfile"],
])("a project with %s is an error with what to do", async (_, files, code) => {
  const folder = await project(files);
  const ended = await runAzid(["migrate", "--check", "--json", folder]);
  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code, remedy: expect.any(String) } });
});

it("control characters in the names of a lockfile do not reach the terminal", async () => {
  const packages = {
    "": {},
    "node_modules/x": { version: "1\u001b[2J", dependencies: { "@azure/identity": "^4.0.0\u0007" } },
  };
  const folder = await project({ "package-lock.json": JSON.stringify({ packages }) });
  const { stdout } = await runAzid(["migrate", "--check", folder]);
  expect(stdout).toContain("x 1?[2J");
  for (const control of ["\u0007", "\u001b"]) expect(stdout).not.toContain(control);
});

it("without --check nothing is done", async () => {
  expect(await runAzid(["migrate"])).toMatchObject({ code: 2, stdout: "" });
});
