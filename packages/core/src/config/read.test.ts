import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempFolder } from "../../test/temp-folder.ts";
import { type ConfigPlace, readConfig } from "./read.ts";

const read = (folder: string, place: Partial<ConfigPlace> = {}, env: Record<string, string> = {}) =>
  readConfig({ given: {}, file: undefined, search: true, require: false, folder, ...place }, env);
const json = (config: object) => ({ "azidentity.config.json": JSON.stringify(config) });

it("puts code over variables over the profile over the file", async () => {
  const profiles = { p: { tenantId: "profile", cloud: "china", mode: "development" } };
  const folder = tempFolder(json({ tenantId: "file", cloud: "public", authorityHost: "https://f.example", profiles }));
  const env = { AZIDENTITY_TENANT_ID: "variable", AZIDENTITY_CLOUD: "government", AZIDENTITY_PROFILE: "p" };
  const { config, file } = await read(folder, { given: { tenantId: "code" } }, env);
  expect(config).toMatchObject({
    tenantId: "code",
    cloud: "government",
    mode: "development",
    authorityHost: "https://f.example",
  });
  expect(file).toBe(join(folder, "azidentity.config.json"));
});

it("works without a config, unless one is required", async () => {
  const folder = tempFolder();
  expect(await read(folder)).toMatchObject({ config: {}, file: undefined, folder });
  await expect(read(folder, { require: true })).rejects.toMatchObject({ code: "config-required" });
  const found = tempFolder(json({ tenantId: "file" }));
  expect((await read(found, { require: true })).config.tenantId).toBe("file");
});

it("does not look for one when told so, but takes the one that is named", async () => {
  const folder = tempFolder(json({ tenantId: "found" }));
  const other = tempFolder(json({ tenantId: "named" }));
  const file = join(other, "azidentity.config.json");
  expect((await read(folder, { search: false })).config).toEqual({});
  expect(await read(folder, { search: false }, { AZIDENTITY_CONFIG: file })).toMatchObject({
    config: { tenantId: "named" },
    folder: other,
  });
  expect((await read(folder, { file }, { AZIDENTITY_CONFIG: "/nowhere" })).config.tenantId).toBe("named");
  await expect(read(folder, { file: "/nowhere.json" })).rejects.toMatchObject({ code: "config-not-found" });
});

it("says where each layer is wrong", async () => {
  const folder = tempFolder(json({ tenantid: "t" }));
  await expect(read(folder)).rejects.toMatchObject({
    code: "unknown-key",
    file: join(folder, "azidentity.config.json"),
  });
  await expect(read(tempFolder(), {}, { AZIDENTITY_MODE: "prod" })).rejects.toThrow("AZIDENTITY_*");
  await expect(read(tempFolder(), { given: { mode: "prod" as never } })).rejects.toMatchObject({ file: undefined });
});

it.each([
  ["for everybody", { plugins: ["../evil.js"] }],
  ["in a profile", { profiles: { p: { plugins: ["../evil.js"] } } }],
])("lets a JSON file not name plugins outside its folder, %s", async (_, config) => {
  await expect(read(tempFolder(json(config)))).rejects.toMatchObject({ code: "path-outside-config" });
});

it.skipIf(process.platform === "win32")(
  "warns of a file that everybody may write, and refuses it in production",
  async () => {
    const folder = tempFolder(json({}));
    expect((await read(folder)).warning).toBeUndefined();
    chmodSync(join(folder, "azidentity.config.json"), 0o666);
    expect((await read(folder)).warning).toContain(folder);
    await expect(read(folder, { given: { mode: "production" } })).rejects.toMatchObject({ code: "config-writable" });
  },
);
