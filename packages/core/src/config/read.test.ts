import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { type ConfigPlace, readConfig } from "./read.ts";

const place = (folder: string, more: Partial<ConfigPlace> = {}): ConfigPlace => {
  return { given: {}, file: undefined, search: true, require: false, folder, ...more };
};
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
  const read = async (given: object, variables: Record<string, string>) =>
    (await readConfig(place(folder, { given }), variables)).config;
  expect(await read({ tenantId: "argument" }, env)).toMatchObject({ tenantId: "argument" });
  expect(await read({}, env)).toMatchObject({ tenantId: "env", cloud: "government", mode: "development" });
  expect(await read({}, { AZIDENTITY_PROFILE: "p" })).toMatchObject({ tenantId: "profile" });
  expect(await read({ profile: "p" }, {})).toMatchObject({ tenantId: "profile" });
  expect(await read({}, {})).toMatchObject({ tenantId: "file", cloud: "china" });
  expect(await read({ log: {} }, { AZIDENTITY_LOG_LEVEL: "warn" })).toMatchObject({ log: { level: "warn" } });
});

it("checks what an operator sets like any other config", async () => {
  await expect(readConfig(place(tempFolder()), { AZIDENTITY_MODE: "prodution" })).rejects.toMatchObject({
    code: "invalid-config",
    message: expect.stringContaining('Did you mean "production"?'),
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
  const { config, file } = await readConfig(place(tempFolder(json({ tenantId: "t" })), { search: false }), {});
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
  "warns of a config that everybody may write, and refuses it in production",
  async () => {
    const folder = tempFolder(json({}));
    chmodSync(join(folder, "azidentity.config.json"), 0o666);
    expect((await readConfig(place(folder), {})).warning).toContain("Everybody on this machine may write");
    await expect(readConfig(place(folder, { given: { mode: "production" } }), {})).rejects.toMatchObject({
      code: "config-writable",
      remedy: expect.stringContaining("chmod o-w"),
    });
    chmodSync(join(folder, "azidentity.config.json"), 0o644);
    expect((await readConfig(place(folder, { given: { mode: "production" } }), {})).warning).toBeUndefined();
  },
);
