import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, it, onTestFinished } from "vitest";

it("the import of a file that is only known at run time is marked for webpack and vite, which would warn", () => {
  const source = readFileSync(join(import.meta.dirname, "import-module.ts"), "utf8");
  expect(source.match(/await import\(.*href\)/g)).toEqual([
    "await import(/* @vite-ignore */ /* webpackIgnore: true */ href)",
  ]);
});

/** Loads a file with core as CommonJS, in a context that has no `import()`, like a test in Jest. */
async function configOf(name: string, text: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "without-import-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const configFile = join(folder, name);
  writeFileSync(configFile, text);
  const loaded = new Map<string, unknown>();
  const load = (file: string): unknown => {
    if (loaded.has(file)) return loaded.get(file);
    const module = { exports: {} };
    loaded.set(file, module.exports);
    const local = (id: string) => (id.startsWith("./") ? load(join(file, "..", id)) : process.getBuiltinModule(id));
    const scope = { module, exports: module.exports, require: local, __filename: file, process, AbortController };
    runInNewContext(readFileSync(file, "utf8"), { ...scope, URL, AbortSignal, setTimeout, clearTimeout });
    return module.exports;
  };
  const built = join(import.meta.dirname, "../../dist/index.cjs");
  const { createIdentity } = load(built) as typeof import("../index.ts");
  const identity = createIdentity({ configFile });
  return identity.ready().finally(() => identity.close());
}

it.each([
  ["azidentity.config.mjs", 'export default { chain: ["nowhere"] };'],
  ["azidentity.config.cjs", 'module.exports = { chain: ["nowhere"] };'],
])("where there is no `import()`, as in Jest, Node.js requires %s", async (name, text) => {
  await expect(configOf(name, text)).rejects.toMatchObject({
    code: "unknown-source",
    file: expect.stringMatching(name),
  });
});

it("where there is no `import()`, a config with a top-level await is refused with what to set", async () => {
  await expect(configOf("azidentity.config.mjs", "export default await Promise.resolve(1);")).rejects.toMatchObject({
    code: "config-malformed",
    remedy: expect.stringContaining("NODE_OPTIONS=--experimental-vm-modules"),
  });
});
