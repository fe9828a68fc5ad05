import { join } from "node:path";
import { expect, it } from "vitest";
import { importInNode } from "../../test/import-in-node.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { findConfig } from "./config-file.ts";

/** Reads a file that the caller names. */
function read(name: string, text: string) {
  const folder = tempFolder({ [name]: text, "package.json": '{ "type": "module" }' });
  const program = { folder, script: undefined };
  const location = { given: {}, file: join(folder, name), search: false, require: false, program };
  return findConfig({ ...location, workingDirectory: folder }, {}).read(importInNode);
}

it.each([
  ["c.ts", "export const config = {};"],
  ["c.mjs", "export const config = {};"],
  ["c.cjs", "exports.__esModule = true; exports.config = {};"],
  ["c.js", ""],
])("The error of %s (%j), which has no default export, says to export the config as default", async (name, text) => {
  await expect(read(name, text)).rejects.toMatchObject({
    code: "config-empty",
    message: expect.stringContaining("has no default export. Export the config as default"),
  });
});

it.each([
  ["c.json", ""],
  ["c.yaml", "# nothing yet"],
])("The error of %s (%j), which is empty, speaks of no exports", async (name, text) => {
  const remedy = "Write a config into it, or delete it.";
  await expect(read(name, text)).rejects.toMatchObject({ code: "config-empty", remedy });
});

it("the names of sources and of a token store are no templates, as opposed to the options beside them", async () => {
  const text = `\${env:NAME}`;
  const entry = { source: text, options: { tenantId: text } };
  const config = { chain: [entry], chains: { other: [entry] }, cache: { store: text, name: text } };
  const marked = { source: text, options: { tenantId: { $template: text } } };
  expect(await read("c.json", JSON.stringify(config))).toMatchObject({
    chain: [marked],
    chains: { other: [marked] },
    cache: { store: text, name: { $template: text } },
  });
});
