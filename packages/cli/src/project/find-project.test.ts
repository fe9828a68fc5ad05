import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type ProjectFolder, projectFolder } from "../../test/project-folder.ts";
import { createTestHost } from "../../test/test-host.ts";
import { findConfig, readProject } from "./find-project.ts";
import { findProject } from "./open-identity.ts";
import { isTrusted, readTrustList, writeTrustList } from "./trust-list.ts";

let { root, put } = {} as ProjectFolder;
beforeEach(() => {
  ({ root, put } = projectFolder());
});
const hostIn = (folder: string, environment: Record<string, string> = {}) =>
  createTestHost({ workingDirectory: join(root, folder), home: join(root, "home"), environment, platform: "linux" });
const whatOf = async (config: object) =>
  (await readProject(put("azidentity.config.json", JSON.stringify(config)))).code.map(({ what }) => what);

it("the config of the nearest folder is found, and a named one before it", () => {
  const above = put("azidentity.config.json", "{}");
  mkdirSync(join(root, "src/deep"), { recursive: true });
  const named = put("other/config.json", "{}");
  expect(findConfig(hostIn("src/deep"))).toBe(above);
  expect(findConfig(hostIn("src/deep"), "../../other/config.json")).toBe(named);
  expect(findConfig(hostIn("src/deep", { AZIDENTITY_CONFIG: named }))).toBe(named);
  expect(findConfig(hostIn("src/deep", { AZIDENTITY_CONFIG: named }), false)).toBeUndefined();
});

it("a config that is named and does not exist is an error that says where it was named", () => {
  expect(() => findConfig(hostIn("."), "none.json")).toThrow("--config");
  expect(() => findConfig(hostIn(".", { AZIDENTITY_CONFIG: "none.json" }))).toThrow("AZIDENTITY_CONFIG");
});

it("a config that is data and names official plugins, sources and tenants needs no trust", async () => {
  const config = {
    plugins: ["@azidentity/plugin-entra"],
    tenantId: "contoso.com",
    chain: [
      "environment",
      { source: "client-secret", options: { clientId: "id", clientSecret: { env: "SECRET" } } },
      {
        source: "federated",
        options: { assertion: { source: "azure-pipelines", options: { tenantId: { env: "T" } } } },
      },
    ],
    sources: { "azure-cli": { subscription: "s" } },
    cache: { store: "file" },
  };
  expect(await whatOf(config)).toEqual([]);
});

it("a config that is data needs trust for the code that it names", async () => {
  put("plugins/team.mjs", "export default {};");
  put("node_modules/@contoso/plugin/package.json", '{ "name": "@contoso/plugin", "main": "index.js" }');
  put("node_modules/@contoso/plugin/index.js", "");
  const folder = join(root, "node_modules/@contoso/plugin");
  expect(await whatOf({ plugins: ["./plugins/team.mjs", "@contoso/plugin", "@contoso/missing"] })).toEqual([
    "the plugin ./plugins/team.mjs",
    `the plugin @contoso/plugin (${folder})`,
    "the plugin @contoso/missing",
  ]);
  const exec = { source: "exec", options: { command: "my-tokens", args: ["--quiet"] } };
  for (const config of [{ chain: [exec] }, { chains: { a: [exec] } }, { profiles: { a: { chain: [exec] } } }])
    expect(await whatOf(config)).toEqual(["the program of the source exec: my-tokens --quiet"]);
});

it.each([
  [{ http: { proxy: "http://127.0.0.1:9" } }, "the setting http.proxy"],
  [{ http: { caFile: "ca.pem" } }, "the setting http.caFile"],
  [{ authorityHost: "https://login.example" }, "the setting authorityHost"],
  [{ cloud: { authorityHost: "https://login.example" } }, "the setting cloud"],
  [{ disableInstanceDiscovery: true }, "the setting disableInstanceDiscovery"],
  [{ log: { enableUnsafeSupportLogging: true } }, "the setting log.enableUnsafeSupportLogging"],
  [{ cache: { store: "redis", url: { env: "REDIS" } } }, "the setting cache.url"],
  [{ cache: { store: "file", directory: "." } }, "the setting cache.directory"],
  [{ cache: { store: "file", key: { file: "key" } } }, "the setting cache.key"],
  [{ sources: { relay: { url: "http://127.0.0.1:1" } } }, "the option url of the source relay"],
  [
    { sources: { "azure-developer-cli": { configDirectory: "." } } },
    "the option configDirectory of the source azure-developer-cli",
  ],
  [
    { chain: [{ source: "federated", options: { assertion: { source: "exec", options: { program: "p" } } } }] },
    "the program of the source exec: p",
  ],
  [
    {
      chain: [
        { source: "federated", options: { assertion: { source: { file: "name" }, options: { program: "./token" } } } },
      ],
    },
    'the option program of the source {"file":"name"}',
  ],
  [
    { sources: { federated: { assertion: { source: `\${env:NAME}`, options: { program: "./token" } } } } },
    `the option program of the source {"$template":"\${env:NAME}"}`,
  ],
  [{ profiles: { ci: { http: { proxy: "http://127.0.0.1:9" } } } }, "the setting http.proxy"],
  [
    { sources: { "username-password": { clientId: { env: "GITHUB_TOKEN" }, username: "u@contoso.com" } } },
    "the option clientId of the source username-password",
  ],
  [
    { sources: { "username-password": { username: "u@contoso.com", password: { env: "GITHUB_TOKEN" } } } },
    "the option password of the source username-password",
  ],
  [{ http: { userAgent: `a/\${env:GITHUB_TOKEN}` } }, "the setting http.userAgent"],
  [{ profiles: { ci: { cache: { name: { file: "/root/.ssh/id" } } } } }, "the setting cache.name"],
  [
    { sources: { "interactive-browser": { loginHint: { env: "GITHUB_TOKEN" }, domainHint: "contoso.com" } } },
    "the option loginHint of the source interactive-browser",
  ],
  [
    { sources: { federated: { assertion: { source: "sidecar", options: { service: { file: "a" } } } } } },
    "the option service of the source sidecar",
  ],
])("a config that is data needs trust for what may run programs or move secrets: %j", async (config, what) => {
  expect(await whatOf(config)).toEqual([what]);
});

it("a misspelled option is left to core, which names the one that was meant", async () => {
  expect(await whatOf({ sources: { "azure-cli": { tenent: "contoso.com" } } })).toEqual([]);
});

it("settings that choose among sources, tenants and accounts need no trust", async () => {
  const config = {
    cloud: "china",
    http: { proxy: false, retry: { maxRetries: 1 }, userAgent: "orders/1" },
    disableInstanceDiscovery: false,
    log: { level: "debug" },
    cache: { store: "file", name: "team", maxEntries: 5 },
    expect: { tenantId: "t" },
    profiles: { ci: { mode: "production", tenantId: { env: "TENANT" } } },
    sources: { "managed-identity": { clientId: "app", priority: 5 }, federated: { assertion: "managed-identity" } },
  };
  expect(await whatOf(config)).toEqual([]);
});

it("a config that is a program is trusted as a whole, with what it imports by path", async () => {
  const config = put("azidentity.config.mjs", 'import team from "./team.mjs"; export default { plugins: [team] };');
  const team = put("team.mjs", 'export * from "./deep/part.mjs"; import "./missing.mjs"; import "node:fs";');
  const part = put("deep/part.mjs", 'const more = require("./more"); import("../team.mjs");');
  const more = put("deep/more.js", "");
  const project = await readProject(config);
  expect(Object.keys(project.hashes)).toEqual([config, more, part, team].sort());
  const list = { [config]: { hashes: project.hashes, trustedAt: "" } };
  expect(isTrusted(project, list)).toBe(true);
  writeFileSync(more, "changed");
  expect(isTrusted(await readProject(config), list)).toBe(false);
});

it("what a program imports is the file that Node.js would load, behind links, too", async () => {
  const imports = ["./query.mjs?v=1", "./a%20b.mjs", "./folder", "#own"];
  put("real/package.json", '{ "imports": { "#own": "./own.mjs" } }');
  put("real/folder/package.json", '{ "main": "entry.js" }');
  put("query.mjs", "export {}; // beside the link");
  const loaded = [
    put("real/config.mjs", imports.map((one) => `import ${JSON.stringify(one)};`).join("\n")),
    ...["query.mjs", "a b.mjs", "folder/entry.js", "own.mjs"].map((name) => put(`real/${name}`, "")),
  ];
  const link = join(root, "azidentity.config.mjs");
  symlinkSync("real/config.mjs", link);
  expect(Object.keys((await readProject(link)).hashes)).toEqual([link, ...loaded].sort());
});

describe("a plugin that is a package", () => {
  const trusted = async (config: string) => ({
    [config]: { hashes: (await readProject(config)).hashes, trustedAt: "" },
  });
  const plugin = "node_modules/@contoso/plugin";

  it.each([
    ["has exports for import alone", { exports: { import: "./dist/index.mjs" } }],
    ["has a main file", { main: "dist/index.mjs" }],
  ])("is trusted with every file of it, where it %s", async (_, manifest) => {
    put(`${plugin}/package.json`, JSON.stringify(manifest));
    put(`${plugin}/dist/index.mjs`, "export default await import(['./deep', 'part.mjs'].join('/'));");
    const part = put(`${plugin}/dist/deep/part.mjs`, "export default {};");
    const config = put("azidentity.config.json", '{ "plugins": ["@contoso/plugin"] }');
    const folder = realpathSync(join(root, plugin));
    expect(Object.keys((await readProject(config)).hashes)).toEqual([config, join(folder, "**")].sort());
    const list = await trusted(config);
    expect(isTrusted(await readProject(config), list)).toBe(true);
    writeFileSync(part, "export default { changed: true };");
    expect(isTrusted(await readProject(config), list)).toBe(false);
    writeFileSync(part, "export default {};");
    expect(isTrusted(await readProject(config), list)).toBe(true);
    put(`${plugin}/dist/more.json`, "{}");
    expect(isTrusted(await readProject(config), list)).toBe(false);
  });

  it("is trusted with what it imports beside itself, and under the name of a file in it, but without its dependencies", async () => {
    put(`${plugin}/package.json`, "{}");
    put(`${plugin}/azure.js`, 'require("../../../shared.js"); require("./node_modules/bundled.js");');
    const shared = put("shared.js", "");
    const named = put(`${plugin}/node_modules/named.js`, "");
    put(`${plugin}/node_modules/dependency/index.js`, "");
    const bundled = put(`${plugin}/node_modules/bundled.js`, "");
    const names = ["@contoso/plugin/azure", "@contoso/plugin/node_modules/named.js"];
    const config = put("azidentity.config.json", JSON.stringify({ plugins: names }));
    const list = await trusted(config);
    const paths = [config, join(realpathSync(join(root, plugin)), "**"), shared, named, bundled];
    expect(Object.keys(list[config]?.hashes ?? {})).toEqual(paths.sort());
    put(`${plugin}/node_modules/dependency/index.js`, "changed");
    expect(isTrusted(await readProject(config), list)).toBe(true);
    for (const file of [shared, named, bundled]) {
      writeFileSync(file, "changed");
      expect(isTrusted(await readProject(config), list)).toBe(false);
      writeFileSync(file, "");
    }
  });

  it("needs trust again once it is installed, or installed elsewhere", async () => {
    const config = put("inner/azidentity.config.json", '{ "plugins": ["team"] }');
    const before = await trusted(config);
    put("node_modules/team/index.js", "");
    expect(isTrusted(await readProject(config), before)).toBe(false);
    const installed = await trusted(config);
    put("inner/node_modules/team/index.js", "");
    expect(isTrusted(await readProject(config), installed)).toBe(false);
  });

  it.skipIf(process.platform === "win32")(
    "has links and pipes that are not followed, and lead to no endless read",
    async () => {
      put("node_modules/team/index.js", "");
      const config = put("azidentity.config.json", '{ "plugins": ["team"] }');
      for (const [name, path] of [
        ["device", "/dev/zero"],
        ["root", "/"],
        ["self", "."],
        ["link", root],
      ] as const)
        symlinkSync(path, join(root, "node_modules/team", name));
      const list = await trusted(config);
      expect(isTrusted(await readProject(config), list)).toBe(true);
      rmSync(join(root, "node_modules/team/link"));
      symlinkSync("/", join(root, "node_modules/team/link"));
      expect(isTrusted(await readProject(config), list)).toBe(false);
    },
  );

  it("that is larger than any plugin is an error with a remedy", async () => {
    const file = put("node_modules/team/index.js", "");
    truncateSync(file, 257 * 1_048_576); // sparse
    const config = put("azidentity.config.json", '{ "plugins": ["team"] }');
    await expect(readProject(config)).rejects.toMatchObject({
      code: "package-too-large",
      remedy: expect.stringContaining("by its path"),
    });
  });
});

it.each(["./team", "./team.mjs", "./team/"])(
  "the plugin %s of a config that is data counts with its files",
  async (name) => {
    const entry = name.endsWith("/") ? put("team/index.js", "") : put(name === "./team" ? "team.js" : "team.mjs", "");
    const config = put("azidentity.config.json", JSON.stringify({ plugins: [name] }));
    expect(Object.keys((await readProject(config)).hashes)).toEqual([config, entry].sort());
  },
);

it.skipIf(process.platform === "win32")("a device or a pipe, which may never end, is not read", async () => {
  symlinkSync("/dev/null", join(root, "device"));
  const data = put("azidentity.config.json", '{ "sources": { "exec": { "program": "./device" } } }');
  expect(Object.keys((await readProject(data)).hashes)).toEqual([data]);
  const program = put("azidentity.config.mjs", 'import "./device"; export default {};');
  expect(Object.keys((await readProject(program)).hashes)).toEqual([program]);
});

it("trust belongs to one path, and ends when a file is added", async () => {
  const config = put("azidentity.config.mjs", "export default {};");
  const project = await readProject(config);
  const host = hostIn(".");
  expect(await findProject(host)).toMatchObject({ isTrusted: false });
  writeTrustList({ [config]: { hashes: project.hashes, trustedAt: "" } }, host);
  expect(await findProject(host)).toMatchObject({ isTrusted: true });
  const copy = put("copy/azidentity.config.mjs", readFileSync(config, "utf8"));
  expect(await findProject(host, copy)).toMatchObject({ isTrusted: false });
  writeFileSync(config, 'import "./more.mjs"; export default {};');
  put("more.mjs", "");
  expect(await findProject(host)).toMatchObject({ isTrusted: false });
});

it.skipIf(process.platform === "win32")("the list of trusted configs is the user's alone", () => {
  const host = hostIn(".");
  writeTrustList({}, host);
  const file = join(root, "home/.config/azid/trusted.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  chmodSync(file, 0o666);
  expect(() => readTrustList(host)).toThrow("can be changed by other accounts");
  chmodSync(file, 0o600);
  writeFileSync(file, "{");
  expect(() => readTrustList(host)).toThrow("is damaged");
});

it("without a home folder nothing is trusted, and nothing can be", () => {
  const host = createTestHost({ workingDirectory: root, platform: "linux" });
  expect(readTrustList(host)).toEqual({});
  expect(() => writeTrustList({}, host)).toThrow(expect.objectContaining({ code: "no-home" }));
});

it("a list in a place that cannot be written is an error with a remedy", () => {
  put("home/.config", "a file where the folder would be");
  expect(() => writeTrustList({}, hostIn("."))).toThrow(
    expect.objectContaining({ code: "trust-list-unusable", remedy: expect.stringContaining("XDG_CONFIG_HOME") }),
  );
});
