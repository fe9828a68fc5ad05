/** `azid config` as a program of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runAzid } from "./run-azid.ts";

/** A variable in the text of a config. */
const certificatePath = ["$", "{env:CERTIFICATES}/app.pem"].join("");

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "azid-config-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const config = (value: unknown) =>
  writeFileSync(join(home, "azidentity.config.json"), typeof value === "string" ? value : JSON.stringify(value));
const azid = (words: readonly string[], env: Record<string, string> = {}) =>
  runAzid(words, { env: { HOME: home, ...env }, cwd: home });

it("azid config print has the settings with their layers, and no secret", async () => {
  config({
    tenantId: { env: "TENANT" },
    allowInlineSecrets: true,
    sources: {
      "client-secret": { clientId: "app", clientSecret: "Inl1ne-s3cret" },
      "client-certificate": { certificatePath },
    },
    cache: { store: "redis", url: { env: "REDIS_URL" } },
    profiles: { ci: { chain: [{ source: "client-secret", options: { clientSecret: "An0ther-s3cret" } }] } },
  });
  const env = {
    TENANT: "contoso.com",
    CERTIFICATES: "/certificates",
    AZIDENTITY_MODE: "production",
    REDIS_URL: "redis://u:p@h",
  };
  expect((await azid(["trust", "--yes"])).stderr).toContain("the setting cache.url");
  const { code, stdout, stderr } = await azid(["config", "print"], { ...env, AZIDENTITY_CACHE_KEY: "ab".repeat(32) });
  expect(stderr).toBe(`# ${join(home, "azidentity.config.json")}\n`);
  expect(code).toBe(0);
  const printed = JSON.parse(stdout);
  expect(printed).toMatchObject({
    tenantId: { env: "TENANT" },
    mode: "production",
    sources: {
      "client-secret": { clientId: "app", clientSecret: "(secret, not shown)" },
      "client-certificate": { certificatePath },
    },
    cache: { store: "redis", url: { env: "REDIS_URL" } },
  });
  expect(printed.plugins).toContain("@azidentity/plugin-entra");
  for (const secret of ["s3cret", "contoso.com", "u:p"]) expect(stdout).not.toContain(secret);
});

it("azid config validate accepts a config, and finds what a token request would stumble over", async () => {
  config({ chain: ["environment", { source: "azure-cli", options: { tenantId: "contoso.com" } }] });
  expect(await azid(["config", "validate"])).toMatchObject({ code: 0, stdout: expect.stringContaining("is valid.") });
  config({ chains: { deploy: ["environment", { source: "azure-cli", options: { tenent: "contoso.com" } }] } });
  const { code, stdout } = await azid(["config", "validate", "--json"]);
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    problems: [{ where: expect.stringContaining("chains.deploy"), message: expect.stringContaining("tenantId") }],
  });
  expect((await azid(["config", "validate"])).stdout).toContain("is not valid:\n  chains.deploy");
});

it.each([
  ["a config that is no JSON", "{", "azidentity.config.json:1:2"],
  ["an unknown key", { chian: [] }, 'Did you mean "chain"?'],
  ["an unknown plugin", { plugins: ["@azidentity/plugin-entr"] }, "azid trust"],
  ["an unknown source", { chain: ["azurecli"] }, 'Did you mean "azure-cli"?'],
  [
    "a secret in the file",
    { sources: { "client-secret": { clientSecret: "s3cret" } }, chain: ["client-secret"] },
    "reference",
  ],
])("%s is an error that says where and what to write", async (_, value, text) => {
  config(value);
  const { code, stdout, stderr } = await azid(["config", "validate"]);
  expect(code).toBeGreaterThan(3);
  expect(`${stdout}${stderr}`).toContain(text);
  expect(`${stdout}${stderr}`).not.toContain("s3cret");
});

it("a config that cannot be loaded is a result of azid config validate, too", async () => {
  config("{");
  const { code, stdout, stderr } = await azid(["config", "validate", "--json"]);
  expect({ code, stderr }).toEqual({ code: 5, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ valid: false, problems: [{ code: "config-malformed" }] });
  const printed = await azid(["cache", "list", "--json"]);
  expect(printed).toMatchObject({ code: 5, stderr: "" });
  expect(JSON.parse(printed.stdout)).toMatchObject({ error: { code: "config-malformed", remedy: expect.any(String) } });
});

it("azid config schema knows the options of the official plugins", async () => {
  const schema = JSON.parse((await azid(["config", "schema"])).stdout);
  expect(schema.properties.sources.properties["client-secret"].properties).toHaveProperty("clientSecret");
});

it("without a config, azid config says so", async () => {
  expect(await azid(["config", "print"])).toMatchObject({ code: 0, stderr: "# There is no config file.\n" });
  expect((await azid(["config", "validate"])).stdout).toBe("The default config is valid.\n");
});
