import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findAsks } from "./asks.ts";
import { dropIn } from "./drop-in.ts";
import { readBunLockfile } from "./lockfiles/bun.ts";
import { readNpmLockfile } from "./lockfiles/npm.ts";
import { readPnpmLockfile } from "./lockfiles/pnpm.ts";
import { findLockfile } from "./read-lockfile.ts";
import { stepsOf } from "./steps.ts";
import { packagesThatGo } from "./weight.ts";

const fixtures = ["npm", "pnpm", "yarn-1", "yarn", "bun"] as const;
const repository = fileURLToPath(new URL("../../../..", import.meta.url));

async function lockfileIn(folder: string) {
  const found = await findLockfile(folder);
  if (found === undefined) throw new Error(`${folder} has no lockfile.`);
  return found.lockfile;
}

const fixture = (name: string) => lockfileIn(`${repository}packages/cli/test/lockfiles/${name}`);

it.each(fixtures)("a lockfile of %s says who asks for @azure/identity, and what each has", async (name) => {
  const lockfile = await fixture(name);
  expect(lockfile.manager).toBe(name);
  const asks = findAsks(lockfile);
  expect(asks[0]).toMatchObject({ isProject: true, range: "^4.13.0", installed: "4.14.1", verdict: "own" });
  const others = asks.slice(1).filter(({ from }) => from !== "storage");
  expect(others.map((ask) => [`${ask.from} ${ask.fromVersion}`, ask.installed, ask.verdict])).toEqual([
    ["build-cache 5.179.0", "4.13.1", "older-minor"],
    ["driver 16.7.1", "3.4.2", "other-major"],
    ["driver 20.3.9", "4.14.1", "satisfied"],
    ["pinned 1.0.0", "4.13.1", "older-minor"],
  ]);
});

it.each(["npm", "yarn-1", "yarn", "bun"] as const)("a lockfile of %s has the ranges", async (name) => {
  const asks = findAsks(await fixture(name)).filter(({ from }) => from !== "storage");
  expect(asks.map(({ range }) => range)).toEqual(["^4.13.0", "~4.13.1", "^3.4.1", "^4.13.1", "4.13.1"]);
});

it.each([
  ["npm", "optional-peer", "satisfied"],
  ["pnpm", "optional-peer", "satisfied"],
  ["bun", "optional-peer", "satisfied"],
  ["yarn", "optional-peer", "absent"],
] as const)("an optional peer in a lockfile of %s is recognised", async (name, kind, verdict) => {
  const ask = findAsks(await fixture(name)).find(({ from }) => from === "storage");
  expect(ask).toMatchObject({ kind, range: "^4.6.0", verdict });
});

it.each(fixtures)("what %s installs for the sake of @azure/identity goes, and what others need stays", async (name) => {
  const going = packagesThatGo(await fixture(name)).map(({ name: one }) => one);
  expect([...new Set(going)].toSorted()).toEqual(["@azure/identity", "@azure/msal-browser", "@azure/msal-node"]);
});

it("the lockfile of this repository is read, with its workspace", async () => {
  const asks = findAsks(await lockfileIn(repository));
  expect(asks.find(({ from }) => from === "packages/identity")).toMatchObject({ isProject: true, range: "4.14.1" });
  expect(asks.find(({ from }) => from === "examples/drop-in")).toMatchObject({ verdict: "replaced" });
  expect(asks.find(({ from }) => from === "tedious")).toMatchObject({ installed: "4.14.1", verdict: "satisfied" });
});

it("the libraries that the drop-in is tested with ask for what their lockfile says", async () => {
  const lockfile = await lockfileIn(`${repository}tools/trees/drop-in`);
  const asks = Object.fromEntries(findAsks(lockfile).map(({ from, range, verdict }) => [from, [range, verdict]]));
  expect(asks).toMatchObject({
    tedious: ["^4.13.1", "satisfied"],
    "azure-kusto-data": ["^4.0.1", "satisfied"],
    "@rushstack/rush-azure-storage-build-cache-plugin": ["~4.13.1", "older-minor"],
  });
  expect(stepsOf("npm", findAsks(lockfile))[0]).toMatchObject({ put: expect.stringContaining('"overrides"') });
});

const npmWith = (range: string) =>
  findAsks(
    readNpmLockfile(
      JSON.stringify({
        packages: { "": {}, "node_modules/a": { version: "1.0.0", dependencies: { "@azure/identity": range } } },
      }),
    ),
  )[0]?.verdict;

it.each([
  ["^4.0.0", "satisfied"],
  ["4", "satisfied"],
  ["*", "satisfied"],
  [">=4.2 <5", "satisfied"],
  ["^3.0.0 || ^4.0.0", "satisfied"],
  ["~4.14.1", "satisfied"],
  ["4.14.1", "older-minor"],
  ["~4.10.0", "older-minor"],
  ["^4.15.0", "newer-minor"],
  ["^5.0.0", "other-major"],
  ["^2.1.0", "other-major"],
  ["latest", "no-range"],
  ["github:Azure/azure-sdk-for-js", "no-range"],
] as const)("a range of %j is %s", (range, verdict) => {
  expect(npmWith(range)).toBe(verdict);
});

it("one line is enough for npm where every range is satisfied", () => {
  const asks = findAsks(
    readNpmLockfile(JSON.stringify({ packages: { "": { dependencies: { "@azure/identity": "^4.1.0" } } } })),
  );
  expect(stepsOf("npm", asks)).toEqual([{ type: "npm install @azure/identity@npm:@azidentity/identity@^4.14.1" }]);
});

it("a project that has the drop-in has nothing to do", () => {
  const packages = {
    "": { dependencies: { "@azure/identity": "npm:@azidentity/identity@^4.14.1" } },
    "node_modules/@azure/identity": { name: "@azidentity/identity", version: "4.14.100" },
    "node_modules/driver": { version: "1.0.0", dependencies: { "@azure/identity": "^4.13.1" } },
  };
  const asks = findAsks(readNpmLockfile(JSON.stringify({ packages })));
  expect(asks.map(({ verdict }) => verdict)).toEqual(["replaced", "replaced"]);
  expect(stepsOf("npm", asks)).toEqual([]);
});

it("projects of a workspace of npm are found, and what they have in a node_modules of their own", () => {
  const packages = {
    "": { workspaces: ["packages/*"] },
    "node_modules/web": { resolved: "packages/web", link: true },
    "packages/web": { name: "web", version: "1.0.0", dependencies: { "@azure/identity": "^3.0.0" } },
    "packages/web/node_modules/@azure/identity": { version: "3.4.2" },
    "node_modules/@azure/identity": { version: "4.14.1" },
  };
  expect(findAsks(readNpmLockfile(JSON.stringify({ packages })))).toMatchObject([{ from: "web", installed: "3.4.2" }]);
});

it("a project of a workspace of npm whose name is that of its folder has that name", () => {
  const packages = {
    "": { workspaces: ["packages/*"] },
    "packages/orders-data": { version: "1.0.0", dependencies: { "@azure/identity": "^4.13.1" } },
  };
  expect(findAsks(readNpmLockfile(JSON.stringify({ packages })))).toMatchObject([{ from: "orders-data" }]);
});

it("version 6 of pnpm's lockfile is read", () => {
  const text = `lockfileVersion: '6.0'

dependencies:
  driver:
    specifier: ^20.0.0
    version: 20.3.9

packages:

  /@azure/identity@4.14.1:
    resolution: {integrity: sha512-x}
    dev: false

  /driver@20.3.9:
    resolution: {integrity: sha512-x}
    deprecated: |-
      This is a long text: with a colon
        and: more
    dependencies:
      '@azure/identity': 4.14.1
    dev: false
`;
  expect(findAsks(readPnpmLockfile(text))).toMatchObject([
    { from: "driver", installed: "4.14.1", verdict: "satisfied" },
  ]);
});

it("a comma in a text of bun's lockfile stays", () => {
  const text = `{ "workspaces": { "": { "name": "a,}b", }, }, "packages": { "x": ["x@1.0.0", "", {}, "s"], }, }`;
  expect(readBunLockfile(text).projects[0]?.name).toBe("a,}b");
});

it.each([
  ["npm", () => readNpmLockfile('{"lockfileVersion":1,"dependencies":{}}'), "lockfileVersion 1"],
  ["pnpm", () => readPnpmLockfile("lockfileVersion: 5.4\n"), "before 6"],
] as const)("an old lockfile of %s is refused with what to do", (_, read, message) => {
  expect(read).toThrow(message);
});

it("the version and the weight of the drop-in are those of its package and its page", async () => {
  const manifest = JSON.parse(await readFile(`${repository}packages/identity/package.json`, "utf8"));
  expect(manifest).toMatchObject({ name: dropIn.name, version: dropIn.version });
  const page = await readFile(`${repository}docs/mssql-without-azure.md`, "utf8");
  expect(page).toMatch(new RegExp(String.raw`@azidentity/identity.*\| ${dropIn.installedMegabytes} MB`));
});

it.skipIf(process.platform === "win32")(
  "a lockfile that is a device or a pipe, which may never end, is not read",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "azid-lockfile-"));
    try {
      await symlink("/dev/null", join(folder, "package-lock.json"));
      await expect(findLockfile(folder)).rejects.toThrow("It is no file.");
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
