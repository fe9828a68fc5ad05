import { expect, it } from "vitest";
import { createIdentity } from "../../src/identity.ts";
import { defineOptions, definePlugin } from "../../src/options/define-options.ts";
import type { IdentityOptions } from "../../src/runtime/start-place.ts";
import { defineTokenStore } from "../../src/store/define-token-store.ts";
import { tempFolder } from "../temp-folder.ts";
import { countingSource, failure, scope, setUp } from "./set-up.ts";

const { plugin } = countingSource("azure-thing", { options: defineOptions({ tenantId: { type: "string" } }) });

it.each<[string, IdentityOptions, object]>([
  ["an unknown key", { plugns: [] } as never, { code: "unknown-key", path: "plugns" }],
  ["a wrong type", { plugins: [plugin], tenantId: 7 } as never, { code: "invalid-config", path: "tenantId" }],
  ["an unknown plugin", { plugins: ["@azidentity/plugin-entrra"] }, { code: "unknown-plugin", path: "plugins" }],
  [
    "an unknown source in the chain",
    { plugins: [plugin], chain: ["azure-thng"] },
    { code: "unknown-source", path: "chain.0" },
  ],
  ["an unknown source in settings", { plugins: [plugin], sources: { "azure-thng": {} } }, { code: "unknown-source" }],
  ["an empty chain", { plugins: [plugin], chain: [] }, { code: "empty-chain", path: "chain" }],
  ["two sources of one name", { plugins: [plugin, plugin] }, { code: "duplicate-source" }],
  ["a plugin of another contract", { plugins: [{ ...plugin, contract: 2 } as never] }, { code: "plugin-contract" }],
  [
    "an authority that is not https",
    { plugins: [], authorityHost: "http://login.microsoftonline.com" },
    { code: "invalid-authority" },
  ],
  ["Azure AD B2C", { plugins: [], authorityHost: "https://contoso.b2clogin.com" }, { code: "unsupported-authority" }],
  ["an unknown profile", { plugins: [], profiles: { work: {} }, profile: "wrok" }, { code: "unknown-profile" }],
  [
    "an unknown option",
    { plugins: [plugin], sources: { "azure-thing": { tenantid: "x" } } },
    { code: "unknown-option", path: "sources.azure-thing.tenantid" },
  ],
  [
    "a wrong option",
    { plugins: [plugin], sources: { "azure-thing": { tenantId: 7 } } } as never,
    { code: "invalid-option", path: "sources.azure-thing.tenantId" },
  ],
  ["a config that is required and missing", { plugins: [], requireConfig: true }, { code: "config-required" }],
])("a mistake in the config such as %s is refused before a token is requested", async (_, options, expected) => {
  await expect(setUp(options).identity.ready()).rejects.toMatchObject({ name: "ConfigurationError", ...expected });
});

it.each<[string, object, object]>([
  ["an unknown source", { chain: ["azure-thng"] }, { code: "unknown-source", path: "chain.0" }],
  ["one in a named chain", { chains: { ci: ["azure-thng"] } }, { code: "unknown-source", path: "chains.ci.0" }],
  ["an unknown option", { sources: { "azure-thing": { tenantid: "x" } } }, { code: "unknown-option" }],
  ["an empty chain", { chain: [] }, { code: "empty-chain", path: "chain" }],
  ["an option of no store", { cache: { maxEntires: 5 } }, { code: "unknown-option", path: "cache.maxEntires" }],
])("the error names the file with %s", async (_, config, expected) => {
  const file = `${tempFolder({ "c.json": JSON.stringify(config) })}/c.json`;
  const error = await failure(createIdentity({ configFile: file, plugins: [plugin] }, { env: {} }).ready());
  expect(error).toMatchObject({ ...expected, file });
  expect(error.message).toMatch(/Did you mean|Name a source/);
});

it.each([[5], [[null]], [[{}]], ["constructor"]])("identity.chain(%j) is refused with a code", async (entries) => {
  const chain = setUp({ plugins: [plugin] }).identity.chain(entries as never);
  await expect(chain.getToken(scope)).rejects.toMatchObject({ name: "ConfigurationError" });
});

it("a mistake in the options of a store is found at once, including a literal secret", async () => {
  const options = defineOptions({ url: { type: "string", secret: true } });
  const provider = defineTokenStore({ name: "redis", options, create: () => expect.fail("too early") });
  const plugins = [plugin, definePlugin({ name: "stores", services: [provider] })];
  await expect(setUp({ plugins, cache: { store: "redis", ulr: "x" } }).identity.ready()).rejects.toMatchObject({
    code: "unknown-option",
    path: "cache.ulr",
  });
  const configFile = `${tempFolder({ "c.json": '{ "cache": { "store": "redis", "url": "c4n4ry" } }' })}/c.json`;
  const error = await failure(createIdentity({ configFile, plugins }, { env: {} }).ready());
  expect(error).toMatchObject({ code: "inline-secret", path: "cache.url", file: configFile });
  expect(error.message).not.toContain("c4n4ry");
});

it("the error for an invalid option of credential() names credential()", async () => {
  const { identity } = setUp({ plugins: [plugin] });
  const error = await failure(identity.credential("azure-thing", { tenantid: "x" }).getToken(scope));
  expect(error).toMatchObject({ code: "unknown-option", path: 'credential("azure-thing").tenantid' });
  await expect(identity.credential("azure-thing", "x" as never).getToken(scope)).rejects.toMatchObject({
    code: "invalid-argument",
  });
});

it("the error for an unknown source lists all sources when no name is similar", async () => {
  const error = await failure(setUp({ plugins: [plugin], chain: ["xyz"] }).identity.ready());
  expect(error.message).toContain("Available: azure-thing.");
});

it("the error names the plugin that threw while it was loaded", async () => {
  const folder = tempFolder({
    "azidentity.config.json": '{ "plugins": ["./bad.mjs"] }',
    "bad.mjs": 'throw new Error("cannot start");',
  });
  const identity = createIdentity({ configFile: `${folder}/azidentity.config.json` }, { env: {} });
  const error = await failure(identity.getToken(scope));
  expect(error).toMatchObject({ code: "plugin-load-failed" });
  expect(error.message).toContain("./bad.mjs");
  expect(error.message).toContain("cannot start");
});

it("a literal secret in a config file is refused and not shown", async () => {
  const options = defineOptions({ clientSecret: { type: "string", secret: true } });
  const { plugin: secretive } = countingSource("secretive", { options });
  const folder = tempFolder({
    "azidentity.config.json": '{ "sources": { "secretive": { "clientSecret": "canary-secret" } } }',
  });
  const configFile = `${folder}/azidentity.config.json`;
  const error = await failure(createIdentity({ configFile, plugins: [secretive] }, { env: {} }).ready());
  expect(error).toMatchObject({ code: "inline-secret", file: configFile, path: "sources.secretive.clientSecret" });
  expect(error.message).not.toContain("canary-secret");
  await createIdentity({ configFile, plugins: [secretive], allowInlineSecrets: true }, { env: {} }).ready();
});
