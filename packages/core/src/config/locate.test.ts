import { join } from "node:path";
import { expect, it } from "vitest";
import { importInNode } from "../../test/import-in-node.ts";
import { tempFolder } from "../../test/temp-folder.ts";
import { loadFile } from "./load-file.ts";
import { locate } from "./locate.ts";
import { parseConfig } from "./parse.ts";

const json = `{
  "tenantId": "sources",
  "sources": { "azure-cli": { "tenantId": "a, b: [c" } },
  "chain": [
    "azure-cli",
    { "source": "exec", "options": { "tenantId": 1 } }
  ]
}`;
const yaml = `# tenantId: none
tenantId: "sources: x"
sources:
  azure-cli:
    enabled: true
    tenantId: a
  azure-powershell: { tenantId: b }
chain:
- azure-cli
- source: exec
  options:
    tenantId: 1
plugins:
  - a
  - b
`;

it.each<[string, string, string, number, number]>([
  ["c.json", json, "tenantId", 2, 3],
  ["c.json", json, "sources.azure-cli.tenantId", 3, 31],
  ["c.json", json, "chain.0", 5, 5],
  ["c.json", json, "chain.1.options.tenantId", 6, 38],
  [".azidentityrc", json, "chain.1.source", 6, 7],
  ["package.json", '{ "tenantId": 1, "azidentity": { "tenantId": 1 } }', "tenantId", 1, 34],
  ["c.yaml", yaml, "tenantId", 2, 1],
  ["c.yaml", yaml, "sources.azure-cli.tenantId", 6, 5],
  ["c.yaml", yaml, "sources.azure-powershell.tenantId", 7, 3],
  ["c.yml", yaml, "chain.0", 9, 1],
  ["c.yml", yaml, "chain.1.source", 10, 3],
  ["c.yml", yaml, "chain.1.options.tenantId", 12, 5],
  ["c.yaml", yaml, "plugins.1", 15, 3],
])("locate finds in %s (%#) the path %4$s", (name, text, path, line, column) => {
  expect(locate(join(tempFolder({ [name]: text }), name), path)).toEqual({ line, column });
});

it.each(["c.mjs", "gone.json"])("locate finds nothing in %s", (name) => {
  expect(locate(join(tempFolder({ "c.mjs": json }), name), "tenantId")).toBeUndefined();
});

it("a config with a key that does not exist is refused with the line of that key", async () => {
  const file = join(tempFolder({ "c.yaml": "tenantId: t\nchian:\n  - azure-cli\n" }), "c.yaml");
  const config = await loadFile(file, importInNode);
  expect(() => parseConfig(config, file, file, locate)).toThrow(
    expect.objectContaining({ code: "unknown-key", path: "chian", line: 2, column: 1 }),
  );
  expect(() => parseConfig(config, file, file, locate)).toThrow(
    `${file}:2:1 is not valid:\n  chian: Unknown key "chian".`,
  );
});
