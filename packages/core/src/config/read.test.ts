import { chmodSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { type ConfigPlace, readConfig as read } from "./read.ts";

const place = (folder: string, more: Partial<ConfigPlace> = {}): ConfigPlace => {
  const program = { folder, script: undefined };
  return { given: {}, file: undefined, search: true, require: false, program, workingDirectory: folder, ...more };
};
const importModule = async <T>(file: string, read: (module: unknown) => T | Promise<T>) =>
  read(await import(/* @vite-ignore */ pathToFileURL(file).href));
const readConfig = (from: ConfigPlace, env: Record<string, string>) => read(from, env, importModule);
/** How a text refers to a variable. */
const variable = (name: string) => `\${env:${name}}`;
const json = (value: object) => ({ "azidentity.config.json": JSON.stringify(value) });

it("lets arguments win over AZIDENTITY_*, those over the profile, that over the file", async () => {
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
    (await readConfig(place(folder, { given }), variables)).config;
  expect(await layered({ tenantId: "argument" }, env)).toMatchObject({ tenantId: "argument" });
  expect(await layered({}, env)).toMatchObject({ tenantId: "env", cloud: "government", mode: "development" });
  expect(await layered({}, { AZIDENTITY_PROFILE: "p" })).toMatchObject({ tenantId: "profile" });
  expect(await layered({ profile: "p" }, {})).toMatchObject({ tenantId: "profile" });
  expect(await layered({}, {})).toMatchObject({ tenantId: "file", cloud: "china" });
  expect(await layered({ log: {} }, { AZIDENTITY_LOG_LEVEL: "warn" })).toMatchObject({ log: { level: "warn" } });
});

it("checks what an operator sets like any other config", async () => {
  await expect(readConfig(place(tempFolder()), { AZIDENTITY_MODE: "prodution" })).rejects.toMatchObject({
    code: "invalid-config",
    path: "mode",
    message: expect.stringMatching(/^The variable AZIDENTITY_MODE .*Did you mean "production"\?/s),
  });
});

it("refuses a profile that does not exist, with what was probably meant", async () => {
  const folder = tempFolder(json({ profiles: { work: {} } }));
  await expect(readConfig(place(folder), { AZIDENTITY_PROFILE: "wrok" })).rejects.toMatchObject({
    code: "unknown-profile",
    file: join(folder, "azidentity.config.json"),
    remedy: 'Did you mean "work"?',
  });
});

it("fails when AZIDENTITY_CONFIG points nowhere, though there is a config to be found", async () => {
  const folder = tempFolder(json({}));
  await expect(readConfig(place(folder), { AZIDENTITY_CONFIG: join(folder, "gone.json") })).rejects.toMatchObject({
    code: "config-not-found",
  });
});

it("fails when a config is required and there is none", async () => {
  await expect(readConfig(place(tempFolder(), { require: true }), {})).rejects.toMatchObject({
    code: "config-required",
  });
});

it("looks nowhere when it is told not to", async () => {
  const folder = tempFolder(json({ tenantId: "t" }));
  const env = { AZIDENTITY_CONFIG: join(folder, "azidentity.config.json") };
  const { config, file } = await readConfig(place(folder, { search: false }), env);
  expect([config, file]).toEqual([{}, undefined]);
});

it.each(["../outside.mjs", "/etc/outside.mjs", "./in/../../outside.mjs"])(
  "refuses JSON that names %s, outside its folder",
  async (plugin) => {
    const folder = tempFolder(json({ plugins: [plugin] }));
    await expect(readConfig(place(folder), {})).rejects.toMatchObject({ code: "path-outside-config", path: "plugins" });
  },
);

it("refuses JSON that names a plugin outside its folder in a profile, chosen or not", async () => {
  const folder = tempFolder(json({ profiles: { p: { plugins: ["../outside.mjs"] } } }));
  await expect(readConfig(place(folder), {})).rejects.toMatchObject({ code: "path-outside-config" });
});

it("takes the file that is named over the variable, and that over the one to be found", async () => {
  const folder = tempFolder(json({ tenantId: "found" }));
  const other = tempFolder({ "a.json": '{ "tenantId": "a" }', "b.json": '{ "tenantId": "b" }' });
  const env = { AZIDENTITY_CONFIG: join(other, "b.json") };
  expect((await readConfig(place(folder, { file: join(other, "a.json") }), env)).config.tenantId).toBe("a");
  expect(await readConfig(place(folder), env)).toMatchObject({ config: { tenantId: "b" }, folder: other });
  expect((await readConfig(place(folder), {})).config.tenantId).toBe("found");
});

it("lets a config in code reach where it wants, and JSON inside its folder and to packages", async () => {
  const code = tempFolder({ "azidentity.config.mjs": 'export default { plugins: ["../outside.mjs"] };' });
  expect((await readConfig(place(code), {})).config.plugins).toEqual(["../outside.mjs"]);
  const data = tempFolder(json({ plugins: ["./inside.mjs", "@azidentity/plugin-entra"] }));
  expect((await readConfig(place(data), {})).config.plugins).toHaveLength(2);
});

it.skipIf(process.platform === "win32")(
  "warns of a config that other accounts may write, and refuses it in production",
  async () => {
    const folder = tempFolder(json({}));
    chmodSync(join(folder, "azidentity.config.json"), 0o666);
    expect((await readConfig(place(folder), {})).warnings).toEqual([
      expect.stringContaining("may be written by other accounts"),
    ]);
    await expect(readConfig(place(folder, { given: { mode: "production" } }), {})).rejects.toMatchObject({
      code: "config-writable",
      remedy: expect.stringContaining("chmod o-w"),
    });
    chmodSync(join(folder, "azidentity.config.json"), 0o644);
    expect((await readConfig(place(folder, { given: { mode: "production" } }), {})).warnings).toEqual([]);
  },
);

it.skipIf(process.platform === "win32")(
  "does not run a config that other accounts may write when production is asked for",
  async () => {
    const folder = tempFolder({ "azidentity.config.mjs": "globalThis.ranAnyway = true; export default {};" });
    chmodSync(join(folder, "azidentity.config.mjs"), 0o666);
    const failed = readConfig(place(folder), { AZIDENTITY_MODE: "production" });
    await expect(failed).rejects.toMatchObject({ code: "config-writable" });
    expect(globalThis).not.toHaveProperty("ranAnyway");
  },
);

describe("a file that looks like the config, where none is", () => {
  const near = { "azidentity.config.jsonc": "{}" };
  const code = "config-near-miss";

  it("is warned of by name", async () => {
    const folder = tempFolder(near);
    const { warnings, file } = await readConfig(place(folder), {});
    expect(file).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(join(folder, "azidentity.config.jsonc"))]);
    expect(warnings[0]).toContain("rename it to azidentity.config.json");
  });

  it("is an error in production and where a config is required", async () => {
    const folder = tempFolder(near);
    const failure = { code, file: join(folder, "azidentity.config.jsonc") };
    await expect(readConfig(place(folder, { require: true }), {})).rejects.toMatchObject(failure);
    await expect(readConfig(place(folder, { given: { mode: "production" } }), {})).rejects.toMatchObject(failure);
    await expect(readConfig(place(folder), { AZIDENTITY_MODE: "production" })).rejects.toMatchObject(failure);
    const given = { profiles: { live: { mode: "production" } }, profile: "live" } as const;
    await expect(readConfig(place(folder, { given }), {})).rejects.toMatchObject(failure);
  });

  it("is only warned of in production when it is another package's as likely", async () => {
    const name = { "package.json": '{ "name": "p" }' };
    const top = tempFolder({ ...json({}), ...name, "app/package.json": '{ "name": "app" }' });
    const { warnings } = await readConfig(place(join(top, "app"), { given: { mode: "production" } }), {});
    expect(warnings).toEqual([expect.stringContaining(join(top, "azidentity.config.json"))]);
    const required = readConfig(place(join(top, "app"), { require: true }), {});
    await expect(required).rejects.toMatchObject({ code });
  });

  it("is only warned of in production when the code, which names plugins, may have imported it", async () => {
    const folder = tempFolder({ "src/azidentity.config.mjs": "export default {};" });
    const given = { mode: "production" } as const;
    await expect(readConfig(place(folder, { given }), {})).rejects.toMatchObject({ code });
    const { warnings } = await readConfig(place(folder, { given: { ...given, plugins: ["p"] } }), {});
    expect(warnings).toEqual([expect.stringContaining("azidentity.config.mjs")]);
  });

  it("is of no interest beside a config, with one that is named, and where none is looked for", async () => {
    const folder = tempFolder({ ...near, ...json({ mode: "production" }), "named.json": "{}" });
    const places = [place(folder), place(folder, { file: join(folder, "named.json") })];
    for (const one of places) expect((await readConfig(one, {})).warnings).toEqual([]);
    const none = place(tempFolder(near), { search: false, given: { mode: "production" } });
    expect((await readConfig(none, {})).warnings).toEqual([]);
  });
});

it("reads package.json#azidentity, which may begin with a byte order mark", async () => {
  const folder = tempFolder({ "package.json": '\uFEFF{ "name": "p", "azidentity": { "tenantId": "t" } }' });
  expect((await readConfig(place(folder), {})).config.tenantId).toBe("t");
  const env = { AZIDENTITY_CONFIG: "package.json" };
  expect((await readConfig(place(tempFolder(), { workingDirectory: folder }), env)).config.tenantId).toBe("t");
});

it("looks up what the core's own settings refer to", async () => {
  const file = {
    tenantId: variable("TENANT"),
    authorityHost: { env: "HOST" },
    additionallyAllowedTenants: ["a", variable("TENANT")],
    expect: { clientId: { file: "id" } },
    http: { caFile: `${variable("HOST")}/ca` },
  };
  const folder = tempFolder({ ...json(file), id: "from-file" });
  const { config } = await readConfig(place(folder), { TENANT: "t.example", HOST: "h" });
  expect(config).toMatchObject({
    tenantId: "t.example",
    authorityHost: "h",
    additionallyAllowedTenants: ["a", "t.example"],
    expect: { clientId: "from-file" },
    http: { caFile: "h/ca" },
  });
  await expect(readConfig(place(folder), { HOST: "h" })).rejects.toMatchObject({
    code: "missing-reference",
    path: "tenantId",
    file: join(folder, "azidentity.config.json"),
  });
});

it("takes plugins from the folder of whoever named them, and the official ones from the project", async () => {
  const project = tempFolder();
  const away = tempFolder({ "with.json": '{ "plugins": ["p"] }', "without.json": "{}" });
  const from = async (file: string, given = {}) =>
    (await readConfig(place(project, { file: join(away, file), given }), {})).pluginFolder;
  expect(await from("with.json")).toBe(away);
  expect(await from("without.json")).toBe(project);
  expect(await from("with.json", { plugins: ["./mine.mjs"] })).toBe(project);
});

it("refuses a reference in JSON or YAML that cannot be read, and takes such text from code as it is", async () => {
  for (const text of ["A-B", " A", "", "9"]) {
    const folder = tempFolder(json({ sources: { a: { url: variable(text) } } }));
    await expect(readConfig(place(folder), {})).rejects.toMatchObject({
      code: "invalid-config",
      path: "sources.a.url",
    });
  }
  const given = { tenantId: variable("SECRET") };
  expect((await readConfig(place(tempFolder(), { given }), { SECRET: "s" })).config).toMatchObject(given);
});
