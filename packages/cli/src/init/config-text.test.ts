import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspectIdentity } from "@azidentity/core/inspect";
import { createProjectIdentity } from "@azidentity/core/project";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configName, configText } from "./config-text.ts";
import { type ProjectChoices, packagesFor, usualPlugins, withStorePlugin } from "./project-choices.ts";

const usual: ProjectChoices = { format: "mts", plugins: usualPlugins, cloud: "public", store: "none" };

/** Below this package, so that the configs find the official plugins. */
let root: string;
beforeAll(() => {
  const modules = join(import.meta.dirname, "../../node_modules");
  mkdirSync(modules, { recursive: true });
  root = mkdtempSync(join(modules, ".init-"));
});
afterAll(() => rmSync(root, { recursive: true }));

it("a TypeScript config has the plugins as values, and what was chosen", () => {
  expect(configText(withStorePlugin({ ...usual, tenantId: "contoso.com", cloud: "china", store: "redis" }))).toBe(
    `import { defineConfig } from "@azidentity/core";
import cachePersist from "@azidentity/plugin-cache-persist";
import devTools from "@azidentity/plugin-dev-tools";
import managedIdentity from "@azidentity/plugin-managed-identity";

export default defineConfig({
  plugins: [managedIdentity, devTools, cachePersist],
  tenantId: "contoso.com",
  cloud: "china",
  cache: { store: "redis", url: { env: "REDIS_URL" } },
});
`,
  );
});

it("a JSON config has the plugins by name", () => {
  expect(JSON.parse(configText({ ...usual, format: "json", tenantId: "contoso.com" }))).toEqual({
    plugins: ["@azidentity/plugin-managed-identity", "@azidentity/plugin-dev-tools"],
    tenantId: "contoso.com",
  });
});

const every = (["mts", "json"] as const).flatMap((format) =>
  (["none", "file", "redis"] as const).flatMap((store) =>
    [usualPlugins, ["entra"], ["users", "broker"]].map(
      (plugins) => ({ ...usual, format, store, plugins }) as ProjectChoices,
    ),
  ),
);
it.each(every)("the config of %j is accepted by core, and has the plugins", async (given) => {
  const choices = withStorePlugin(given);
  const folder = mkdtempSync(join(root, "config-"));
  const configFile = join(folder, configName(choices));
  writeFileSync(configFile, configText(choices));
  const env = { REDIS_URL: "redis://127.0.0.1:9", AZIDENTITY_CACHE_KEY: "0".repeat(64), HOME: folder };
  const place = { configFile, plugins: {}, workingDirectory: folder };
  const identity = createProjectIdentity(place, { env });
  try {
    const { plugins, store } = await inspectIdentity(identity);
    expect(plugins.map(({ name }) => name)).toEqual(packagesFor({ ...choices, store: "none" }).slice(1));
    expect(store?.name ?? "none").toBe(choices.store);
  } finally {
    await identity.close();
  }
});

it("the packages of a config are core, its plugins, and the client of its store", () => {
  expect(packagesFor(withStorePlugin({ ...usual, store: "redis" }))).toEqual([
    "@azidentity/core",
    "@azidentity/plugin-managed-identity",
    "@azidentity/plugin-dev-tools",
    "@azidentity/plugin-cache-persist",
    "redis",
  ]);
});
