import { chmodSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { findConfig } from "./config-file.ts";
import { type ConfigLocation, loadConfig as read } from "./load-config.ts";

const place = (folder: string, more: Partial<ConfigLocation> = {}): ConfigLocation => {
  const program = { folder, script: undefined };
  return { given: {}, file: undefined, search: true, require: false, program, workingDirectory: folder, ...more };
};
const importModule = async <T>(file: string, read: (module: unknown) => T | Promise<T>) =>
  read(await import(/* @vite-ignore */ pathToFileURL(file).href));
const loadConfig = (from: ConfigLocation, env: Record<string, string>) =>
  read(from, env, async () => findConfig, importModule);
/** How a text refers to a variable. */
const variable = (name: string) => `\${env:${name}}`;
const json = (value: object) => ({ "azidentity.config.json": JSON.stringify(value) });

it("a config in code takes precedence over AZIDENTITY_*, those over the profile, that over the file", async () => {
  const file = {
    tenantId: "file",
    cloud: "china",
    mode: "development",
    log: { level: "debug" },
    profiles: { p: { tenantId: "profile", cloud: "government" } },
  };
  const folder = tempFolder(json(file));
  const env = { AZIDENTITY_TENANT_ID: "env", AZIDENTITY_PROFILE: "p" };
  const layered = async (given: object, variables: Record<string, string>) =>
    (await loadConfig(place(folder, { given }), variables)).config;
  expect(await layered({ tenantId: "argument" }, env)).toMatchObject({ tenantId: "argument" });
  expect(await layered({}, env)).toMatchObject({ tenantId: "env", cloud: "government", mode: "development" });
  expect(await layered({}, { AZIDENTITY_PROFILE: "p" })).toMatchObject({ tenantId: "profile" });
  expect(await layered({ profile: "p" }, {})).toMatchObject({ tenantId: "profile" });
  expect(await layered({}, {})).toMatchObject({ tenantId: "file", cloud: "china" });
  expect(await layered({ log: {} }, { AZIDENTITY_LOG_LEVEL: "warn" })).toMatchObject({ log: { level: "warn" } });
});

describe("the defaults of a program", () => {
  const defaults = {
    tenantId: "default",
    log: { level: "debug" as const },
    sources: { a: { priority: 1, enabled: false } },
  };

  it("hold where neither code nor variables nor the file say anything", async () => {
    const folder = tempFolder(json({ log: { level: "warn" }, sources: { a: { enabled: true } } }));
    const read = async (given: object, env: Record<string, string>) =>
      (await loadConfig(place(folder, { given, defaults }), env)).config;
    const sources = { a: { priority: 1, enabled: true } };
    expect(await read({}, {})).toMatchObject({ tenantId: "default", log: { level: "warn" }, sources });
    expect(await read({}, { AZIDENTITY_TENANT_ID: "env" })).toMatchObject({ tenantId: "env" });
    expect(await read({ tenantId: "argument" }, {})).toMatchObject({ tenantId: "argument" });
  });

  it("add their plugins to those of the config, of which one with the same name takes their place", async () => {
    const plugin = (name: string) => ({ contract: 1 as const, name });
    const [first, second, other] = [plugin("a"), plugin("b"), plugin("b")];
    const read = async (given: object) =>
      (await loadConfig(place(tempFolder(), { given, defaults: { plugins: [first, second] } }), {})).config.plugins;
    expect(await read({})).toEqual([first, second]);
    expect(await read({ plugins: ["a"] })).toEqual([second, "a"]);
    const replaced = await read({ plugins: [other] });
    expect(replaced).toEqual([first, other]);
    expect(replaced?.[1]).toBe(other);
  });

  it("are checked like any other config", async () => {
    const wrong = place(tempFolder(), { defaults: { tenantID: "x" } as object });
    await expect(loadConfig(wrong, {})).rejects.toMatchObject({ code: "unknown-key", path: "defaults.tenantID" });
  });

  it.each(["profile", "profiles"])("have no %s", async (key) => {
    const wrong = place(tempFolder(), { defaults: { [key]: {} } });
    await expect(loadConfig(wrong, {})).rejects.toMatchObject({ code: "unknown-key", path: `defaults.${key}` });
  });
});

it("AZIDENTITY_* variables are checked like any other config", async () => {
  await expect(loadConfig(place(tempFolder()), { AZIDENTITY_MODE: "prodution" })).rejects.toMatchObject({
    code: "invalid-config",
    path: "mode",
    message: expect.stringMatching(/^The variable AZIDENTITY_MODE .*Did you mean "production"\?/s),
  });
});

it("a profile that does not exist is refused with a suggestion", async () => {
  const folder = tempFolder(json({ profiles: { work: {} } }));
  await expect(loadConfig(place(folder), { AZIDENTITY_PROFILE: "wrok" })).rejects.toMatchObject({
    code: "unknown-profile",
    file: join(folder, "azidentity.config.json"),
    remedy: 'Did you mean "work"?',
  });
});

it("AZIDENTITY_CONFIG that names no file is an error, even if the search would find a config", async () => {
  const folder = tempFolder(json({}));
  await expect(loadConfig(place(folder), { AZIDENTITY_CONFIG: join(folder, "gone.json") })).rejects.toMatchObject({
    code: "config-not-found",
  });
});

it("a missing config is an error when one is required", async () => {
  await expect(loadConfig(place(tempFolder(), { require: true }), {})).rejects.toMatchObject({
    code: "config-required",
  });
});

it("no config is searched for with `config: false`", async () => {
  const folder = tempFolder(json({ tenantId: "t" }));
  const env = { AZIDENTITY_CONFIG: join(folder, "azidentity.config.json") };
  const { config, file } = await loadConfig(place(folder, { search: false }), env);
  expect([config, file]).toEqual([{}, undefined]);
});

it.each(["../outside.mjs", "/etc/outside.mjs", "./in/../../outside.mjs"])(
  "a JSON config that names %s, outside its folder, is refused",
  async (plugin) => {
    const folder = tempFolder(json({ plugins: [plugin] }));
    await expect(loadConfig(place(folder), {})).rejects.toMatchObject({ code: "path-outside-config", path: "plugins" });
  },
);

it("a JSON config that names a plugin outside its folder in any profile is refused", async () => {
  const folder = tempFolder(json({ profiles: { p: { plugins: ["../outside.mjs"] } } }));
  await expect(loadConfig(place(folder), {})).rejects.toMatchObject({ code: "path-outside-config" });
});

it("a file that is named takes precedence over the variable, and that over the search", async () => {
  const folder = tempFolder(json({ tenantId: "found" }));
  const other = tempFolder({ "a.json": '{ "tenantId": "a" }', "b.json": '{ "tenantId": "b" }' });
  const env = { AZIDENTITY_CONFIG: join(other, "b.json") };
  expect((await loadConfig(place(folder, { file: join(other, "a.json") }), env)).config.tenantId).toBe("a");
  const read = await loadConfig(place(folder), env);
  expect([read.config.tenantId, read.folder()]).toEqual(["b", other]);
  expect((await loadConfig(place(folder), {})).config.tenantId).toBe("found");
});

it("a config in code may name any path, and JSON paths in its folder and packages", async () => {
  const code = tempFolder({ "azidentity.config.mjs": 'export default { plugins: ["../outside.mjs"] };' });
  expect((await loadConfig(place(code), {})).config.plugins).toEqual(["../outside.mjs"]);
  const data = tempFolder(json({ plugins: ["./inside.mjs", "@azidentity/plugin-entra"] }));
  expect((await loadConfig(place(data), {})).config.plugins).toHaveLength(2);
});

it.skipIf(process.platform === "win32")(
  "warns of a config that other accounts may write, and refuses it in production",
  async () => {
    const folder = tempFolder(json({}));
    chmodSync(join(folder, "azidentity.config.json"), 0o666);
    expect((await loadConfig(place(folder), {})).warnings).toEqual([
      expect.stringContaining("may be written by other accounts"),
    ]);
    await expect(loadConfig(place(folder, { given: { mode: "production" } }), {})).rejects.toMatchObject({
      code: "config-writable",
      remedy: expect.stringContaining("chmod o-w"),
    });
    chmodSync(join(folder, "azidentity.config.json"), 0o644);
    expect((await loadConfig(place(folder, { given: { mode: "production" } }), {})).warnings).toEqual([]);
  },
);

it.skipIf(process.platform === "win32")(
  "does not run a config that other accounts may write when production is asked for",
  async () => {
    const folder = tempFolder({ "azidentity.config.mjs": "globalThis.ranAnyway = true; export default {};" });
    chmodSync(join(folder, "azidentity.config.mjs"), 0o666);
    const failed = loadConfig(place(folder), { AZIDENTITY_MODE: "production" });
    await expect(failed).rejects.toMatchObject({ code: "config-writable" });
    expect(globalThis).not.toHaveProperty("ranAnyway");
  },
);

describe("a file that looks like the config where there is none", () => {
  const near = { "azidentity.config.jsonc": "{}" };
  const code = "config-near-miss";

  it("a file that looks like the config where there is none is named in a warning", async () => {
    const folder = tempFolder(near);
    const { warnings, file } = await loadConfig(place(folder), {});
    expect(file).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(join(folder, "azidentity.config.jsonc"))]);
    expect(warnings[0]).toContain("rename it to azidentity.config.json");
  });

  it("a file that looks like the config where there is none is an error in production and where a config is required", async () => {
    const folder = tempFolder(near);
    const failure = { code, file: join(folder, "azidentity.config.jsonc") };
    await expect(loadConfig(place(folder, { require: true }), {})).rejects.toMatchObject(failure);
    await expect(loadConfig(place(folder, { given: { mode: "production" } }), {})).rejects.toMatchObject(failure);
    await expect(loadConfig(place(folder), { AZIDENTITY_MODE: "production" })).rejects.toMatchObject(failure);
    const given = { profiles: { live: { mode: "production" } }, profile: "live" } as const;
    await expect(loadConfig(place(folder, { given }), {})).rejects.toMatchObject(failure);
  });

  it("a file that looks like the config where there is none is only a warning in production when it may be that of another package", async () => {
    const name = { "package.json": '{ "name": "p" }' };
    const top = tempFolder({ ...json({}), ...name, "app/package.json": '{ "name": "app" }' });
    const { warnings } = await loadConfig(place(join(top, "app"), { given: { mode: "production" } }), {});
    expect(warnings).toEqual([expect.stringContaining(join(top, "azidentity.config.json"))]);
    const required = loadConfig(place(join(top, "app"), { require: true }), {});
    await expect(required).rejects.toMatchObject({ code });
  });

  it("a file that looks like the config where there is none is only a warning in production when code that names plugins may have imported it", async () => {
    const folder = tempFolder({ "src/azidentity.config.mjs": "export default {};" });
    const given = { mode: "production" } as const;
    await expect(loadConfig(place(folder, { given }), {})).rejects.toMatchObject({ code });
    const { warnings } = await loadConfig(place(folder, { given: { ...given, plugins: ["p"] } }), {});
    expect(warnings).toEqual([expect.stringContaining("azidentity.config.mjs")]);
  });

  it("a file that looks like the config where there is none is not reported beside a config, with one that is named, and without a search", async () => {
    const folder = tempFolder({ ...near, ...json({ mode: "production" }), "named.json": "{}" });
    const places = [place(folder), place(folder, { file: join(folder, "named.json") })];
    for (const one of places) expect((await loadConfig(one, {})).warnings).toEqual([]);
    const none = place(tempFolder(near), { search: false, given: { mode: "production" } });
    expect((await loadConfig(none, {})).warnings).toEqual([]);
  });
});

it("package.json#azidentity is read, even after a byte order mark", async () => {
  const folder = tempFolder({ "package.json": '\uFEFF{ "name": "p", "azidentity": { "tenantId": "t" } }' });
  expect((await loadConfig(place(folder), {})).config.tenantId).toBe("t");
  const env = { AZIDENTITY_CONFIG: "package.json" };
  expect((await loadConfig(place(tempFolder(), { workingDirectory: folder }), env)).config.tenantId).toBe("t");
});

it("references in the settings of core are resolved", async () => {
  const file = {
    tenantId: variable("TENANT"),
    authorityHost: { env: "HOST" },
    additionallyAllowedTenants: ["a", variable("TENANT")],
    expect: { clientId: { file: "id" } },
    http: { caFile: `${variable("HOST")}/ca` },
  };
  const folder = tempFolder({ ...json(file), id: "from-file" });
  const { config } = await loadConfig(place(folder), { TENANT: "t.example", HOST: "h" });
  expect(config).toMatchObject({
    tenantId: "t.example",
    authorityHost: "h",
    additionallyAllowedTenants: ["a", "t.example"],
    expect: { clientId: "from-file" },
    http: { caFile: "h/ca" },
  });
  await expect(loadConfig(place(folder), { HOST: "h" })).rejects.toMatchObject({
    code: "missing-reference",
    path: "tenantId",
    file: join(folder, "azidentity.config.json"),
  });
});

it("plugins are resolved against the folder of the file that names them, official ones against the project", async () => {
  const project = tempFolder();
  const away = tempFolder({ "with.json": '{ "plugins": ["p"] }', "without.json": "{}" });
  const from = async (file: string, given = {}) =>
    (await loadConfig(place(project, { file: join(away, file), given }), {})).pluginFolder();
  expect(await from("with.json")).toBe(away);
  expect(await from("without.json")).toBe(project);
  expect(await from("with.json", { plugins: ["./mine.mjs"] })).toBe(project);
});

it("a malformed reference is refused in JSON and YAML, and is plain text in code", async () => {
  for (const text of ["A-B", " A", "", "9"]) {
    const folder = tempFolder(json({ sources: { a: { url: variable(text) } } }));
    await expect(loadConfig(place(folder), {})).rejects.toMatchObject({
      code: "invalid-config",
      path: "sources.a.url",
    });
  }
  const given = { tenantId: variable("SECRET") };
  expect((await loadConfig(place(tempFolder(), { given }), { SECRET: "s" })).config).toMatchObject(given);
});
