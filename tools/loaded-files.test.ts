/** Which files of the packages a program loads, and when. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync, Visitor } from "oxc-parser";
import { expect, it } from "vitest";
import { publicPackages } from "./public-packages.ts";

/**
 * Runs a program in a folder of the workspace, from where it finds packages; returns the files that
 * it loads.
 */
function filesOf(program: string, folder = "bench"): string[] {
  const code = `
    const { registerHooks } = process.getBuiltinModule("node:module");
    const files = [];
    registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
    ${program}
    console.log(JSON.stringify(files));
  `;
  const cwd = join(import.meta.dirname, "..", folder);
  const options = { cwd, encoding: "utf8" } as const;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", code], options));
}

const namesOf = (files: readonly string[]) => files.map((file) => file.replace(/.*\/packages\//, ""));

const plugins = publicPackages().flatMap(({ name, folder }) =>
  name.includes("/plugin-") ? [[name, folder] as const] : [],
);

it.each(plugins)("the import of %s loads one file of the plugin", (plugin, folder) => {
  const names = namesOf(filesOf(`await import("${plugin}");`, folder));
  expect(names.filter((name) => name.startsWith("plugin-"))).toHaveLength(1);
});

it.each(plugins)("the import of %s loads nothing of @azidentity/core/entra", (plugin, folder) => {
  const names = namesOf(filesOf(`await import("${plugin}");`, folder));
  expect(names).toContain("core/dist/plugin.js");
  expect(names).not.toContain("core/dist/entra.js");
});

/** The regular expressions that are written as literals in a file. */
function expressionsIn(url: string): string[] {
  const found: string[] = [];
  const collect = new Visitor({
    Literal(literal) {
      if ("regex" in literal) found.push(literal.regex.pattern);
    },
  });
  collect.visit(parseSync(url, readFileSync(new URL(url), "utf8")).program);
  return found;
}

it.each(plugins)("the import of %s makes no tables of Unicode", (plugin, folder) => {
  const files = filesOf(`await import("${plugin}");`, folder).filter((url) => url.includes("/packages/"));
  expect(files.length).toBeGreaterThan(1);
  // V8 makes those of an expression with \p{...} when it parses the file
  expect(files.flatMap(expressionsIn).filter((expression) => /\\p\{/i.test(expression))).toEqual([]);
});

it("the import of core loads two files, and its first token one more", () => {
  const program = (last: string) => `
    const { createIdentity } = await import("@azidentity/core");
    const source = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const identity = createIdentity({ config: false, plugins: [], chain: [source] });
    ${last}
  `;
  const filesOfCore = (last: string) => namesOf(filesOf(program(last))).filter((name) => name.startsWith("core/"));
  const imported = filesOfCore("");
  expect(imported).toEqual(["core/dist/index.js", expect.stringMatching(/^core\/dist\/shared-/)]);
  const more = filesOfCore('await identity.getToken("https://vault.azure.net/.default");').slice(2);
  expect(more).toEqual([expect.stringMatching(/^core\/dist\/first-token-/)]);
});

it("the steps of a token store are loaded only where a store is configured", () => {
  const program = (cache: object) => `
    const { createIdentity } = await import("@azidentity/core");
    const { definePlugin } = await import("@azidentity/core/plugin");
    const { defineTokenStore } = await import("@azidentity/core/store");
    const { createFakeClock, createMemoryStore } = await import("@azidentity/core/testing");
    const store = defineTokenStore({ name: "memory", create: () => createMemoryStore(createFakeClock()) });
    const source = { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const plugins = [definePlugin({ name: "p", services: [store] })];
    const config = { config: false, plugins, chain: [source], cache: ${JSON.stringify(cache)} };
    await createIdentity(config).getToken("https://vault.azure.net/.default");
  `;
  const hasSteps = (cache: object) => namesOf(filesOf(program(cache))).some((name) => /identity-store/.test(name));
  expect(hasSteps({})).toBe(false);
  expect(hasSteps({ store: "memory" })).toBe(true);
});

it("azid --help loads no file of core", () => {
  const main = JSON.stringify(pathToFileURL(join(import.meta.dirname, "../packages/cli/dist/main.js")).href);
  const program = `
    const { write } = process.stdout;
    let help = "";
    process.stdout.write = (text, done) => ((help += text), done?.(), true);
    process.argv = [process.argv[0], "azid", "--help"];
    await import(${main});
    process.stdout.write = write;
    if (!help.includes("Usage: azid")) throw new Error(help);
  `;
  const names = namesOf(filesOf(program));
  expect(names.some((name) => name.startsWith("cli/dist/"))).toBe(true);
  expect(names.filter((name) => name.startsWith("core/") || name.startsWith("plugin-"))).toEqual([]);
});
