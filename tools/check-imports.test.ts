import { expect, it } from "vitest";
import { checkImports } from "./check-imports.ts";
import { importRules } from "./import-rules.ts";
import { readFacts } from "./read-facts.ts";

const core = "packages/core/src";

/** One line per case: the file, its text, and the rule it breaks (`undefined`: none). */
const cases: [path: string, source: string, breaks: string | undefined][] = [
  [`${core}/contract/token.ts`, `import type { Walk } from "./walk.ts";`, undefined],
  [`${core}/contract/token.ts`, `import type { Key } from "../cache/key.ts";`, "layer-contract"],
  [`${core}/contract/token.ts`, `import { inspect } from "node:util";`, "contract-holds-types"],

  [
    `${core}/cache/key.ts`,
    `import { a } from "../contract/a.ts"; import b from "./b.ts"; import "a-package";`,
    undefined,
  ],
  [`${core}/cache/key.ts`, `import type { Chain } from "../chain/chain.ts";`, "layer-cache"],
  [`${core}/cache/key.ts`, `export { a } from "../identity.ts";`, "layer-cache"],
  [`${core}/cache/key.ts`, `const a = await import("../config/find.ts");`, "layer-cache"],
  [`${core}/cache/key.ts`, `let a: import("../config/find.ts").Found;`, "layer-cache"],
  [`${core}/cache/key.test.ts`, `import { chain } from "../chain/chain.ts";`, undefined],
  [`${core}/identity.ts`, `import { a } from "./cache/a.ts"; import { b } from "./chain/b.ts";`, undefined],

  [`${core}/identity.ts`, `import { a } from "@azidentity/core";`, "core-imports-itself-by-path"],
  [`${core}/identity.ts`, `import type { TokenCredential } from "@azure/core-auth";`, "core-without-azure"],
  [`${core}/identity.test-d.ts`, `import type { TokenCredential } from "@azure/core-auth";`, undefined],

  ["packages/emulator/src/a.ts", `import { a } from "../../core/src/a.ts";`, "packages-import-entry-points"],
  ["packages/emulator/src/a.test.ts", `import { a } from "../../core/src/a.ts";`, "packages-import-entry-points"],
  ["examples/blob/main.ts", `import { a } from "../../packages/core/src/a.ts";`, "programs-import-entry-points"],
  ["examples/blob/main.ts", `import { createIdentity } from "@azidentity/core";`, undefined],

  ["packages/plugin-a/src/a.ts", `import { defineSource } from "@azidentity/core/plugin";`, undefined],
  ["packages/plugin-a/src/a.ts", `import { entraError } from "@azidentity/core/entra";`, undefined],
  ["packages/plugin-a/src/a.ts", `await import("@azidentity/core/entra");`, "core-entra-through-a-module"],
  ["packages/plugin-a/src/a.ts", `import { createIdentity } from "@azidentity/core";`, "plugins-import-plugin-api"],
  ["packages/plugin-a/src/a.ts", `import type { B } from "@azidentity/plugin-b";`, "plugins-import-plugin-api"],
  ["packages/plugin-a/src/a.test.ts", `import { createIdentity } from "@azidentity/core";`, undefined],
  ["packages/identity/src/a.ts", `await import("@azidentity/core/plugin");`, undefined],
  ["packages/identity/src/a.ts", `await import("@azidentity/core/entra");`, "drop-in-imports-entry-points"],
  ["packages/identity/src/a.ts", `import { a } from "@azidentity/core";`, "drop-in-imports-nothing-at-once"],
  ["packages/plugin-a/test/a.test.ts", `import { a } from "@azidentity/core/testing";`, undefined],
  ["packages/plugin-a/src/a.test.ts", `import { b } from "@azidentity/plugin-b";`, "plugin-tests-import-core"],

  ["packages/cli/src/token/command.ts", `import "../host.ts"; import "../errors/a.ts"; import "./b.ts";`, undefined],
  ["packages/cli/src/token/command.ts", `import "../serve/a.ts";`, "commands-apart"],
  ["packages/cli/src/token/command.ts", `import "../commands.ts";`, "commands-apart"],
  ["packages/cli/src/terminal/a.ts", `import "../errors/a.ts";`, "layer-cli-terminal"],
  ["packages/cli/src/token/a.ts", `export const a = process.env.A;`, "cli-process-in-main"],
  ["packages/cli/src/main.ts", `export const a = process.env.A;`, undefined],
  ["packages/cli/src/token/a.ts", `import type { A } from "@azure/identity";`, "cli-imports-entry-points"],

  [`${core}/index.ts`, `export { a, type A } from "./a.ts";`, undefined],
  [`${core}/index.ts`, `export const a = 1;`, "entry-points-are-export-lists"],
  [`${core}/index.ts`, `export * from "./a.ts";`, "no-export-star"],
  ["packages/plugin-a/src/b.ts", `export type * from "./a.ts";`, "no-export-star"],
  [`${core}/cache/index.ts`, `export { a } from "./a.ts";`, "no-barrels"],

  [`${core}/config/yaml-loader.ts`, `import { cosmiconfig } from "cosmiconfig";`, undefined],
  [`${core}/config/parse.ts`, `import { cosmiconfig } from "cosmiconfig";`, "one-importer-of-cosmiconfig"],
  [`${core}/container/container.ts`, `import "reflect-metadata"; import { container } from "tsyringe";`, undefined],
  [`${core}/identity.ts`, `import { container } from "tsyringe";`, "one-importer-of-tsyringe"],
  ["packages/plugin-a/src/a.ts", `import "reflect-metadata";`, "one-importer-of-tsyringe"],

  [`${core}/services/http.ts`, `import type { Agent } from "node:https"; await import("node:https");`, undefined],
  [`${core}/services/http.ts`, `import { type Agent } from "node:https";`, undefined],
  [`${core}/services/http.ts`, `import { type Agent, request } from "node:https";`, "start-up-stays-light"],
  ["packages/plugin-a/src/a.ts", `import { spawn } from "node:child_process";`, "start-up-stays-light"],
  ["packages/plugin-a/src/a.ts", `import * as msal from "@azure/msal-node";`, "start-up-stays-light"],
  ["packages/emulator/src/server.ts", `import { createServer } from "node:http";`, undefined],

  [`${core}/services/http.ts`, `process.getBuiltinModule("node:util"); await import("node:fs");`, undefined],
  [`${core}/services/http.ts`, `import { inspect } from "node:util";`, "bundles-of-workers-start"],
  [`${core}/test-kit/settle.ts`, `import assert from "node:assert";`, undefined],
  ["packages/plugin-entra/src/a.ts", `import { hash } from "node:crypto";`, "bundles-of-workers-start"],
  ["packages/plugin-entra/src/a.ts", `import type { KeyObject } from "node:crypto";`, undefined],

  [`${core}/services/environment.ts`, `export const a = () => process.env;`, undefined],
  [`${core}/identity.ts`, `export const a = () => process.env["A"];`, undefined],
  [`${core}/config/parse.ts`, `export const a = process.env.A;`, "environment-is-handed-in"],
  ["packages/plugin-a/src/a.ts", `import { env } from "node:process";`, "environment-is-handed-in"],
  ["packages/plugin-a/src/a.ts", `// process.env\nexport const a = "process.env";`, undefined],
];

it.each(cases)("the import rules judge what %s imports: %s → %s", (path, source, breaks) => {
  const names = checkImports({ [path]: source }).map((text) => /^ {4}([a-z-]+):/m.exec(text)?.[1]);
  expect(names).toEqual(breaks ? [breaks] : []);
});

it("every import rule has a case in this file, except those of layers, which are one table", () => {
  const broken = cases.map(([, , rule]) => rule);
  const names = importRules.map((rule) => rule.name).filter((name) => !name.startsWith("layer-"));
  expect(names.filter((name) => !broken.includes(name))).toEqual([]);
});

it("the import rules say where a rule is broken, which one, and what to do instead", () => {
  const source = `import "a-package";\n\nimport { a } from "../chain/a.ts";`;
  expect(checkImports({ [`${core}/cache/key.ts`]: source })).toEqual([
    `${core}/cache/key.ts:3 ${core}/chain/a.ts\n    layer-cache: cache/ imports itself and the layers below it (entra, plugins, options, token, async, errors, container, util, contract); pass what is above as a value.`,
  ]);
});

it("an import cycle is reported once, with its files", () => {
  const found = checkImports({
    [`${core}/a.ts`]: `import "./b.ts";`,
    [`${core}/b.ts`]: `export const c = import("./c.ts");`,
    [`${core}/c.ts`]: `export { b } from "./b.ts";`,
  });
  expect(found).toEqual([expect.stringContaining(`${core}/b.ts → ${core}/c.ts → ${core}/b.ts`)]);
});

it("an import cycle is refused where types alone refer to each other, too", () => {
  const files = { [`${core}/a.ts`]: `import type { B } from "./b.ts";`, [`${core}/b.ts`]: `import "./a.ts";` };
  expect(checkImports(files)).toEqual([expect.stringContaining("no-cycles")]);
});

it("readFacts refuses a file that does not parse", () => {
  expect(() => readFacts("a.ts", "import from;")).toThrow("a.ts: ");
});
