import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { tempFolder } from "../test/temp-folder.ts";

/** The function as a CommonJS bundle has it, in a context without `import()` and a folder. */
async function bundledIn(folder: string): Promise<(name: string) => Promise<unknown>> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "optional-package.ts")],
    bundle: true,
    format: "cjs",
    platform: "node",
    write: false,
    logLevel: "silent", // it warns that import.meta is empty, which is the subject
  });
  const module = { exports: {} as { importOptional(name: string): Promise<unknown> } };
  runInNewContext(outputFiles[0]?.text ?? "", {
    module,
    process: { getBuiltinModule: process.getBuiltinModule, cwd: () => folder },
  });
  return module.exports.importOptional;
}

it("a CommonJS bundle in node:vm finds packages from the working directory, and says which one is missing", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "own.cjs"), "module.exports = 5;");
  const importOptional = await bundledIn(folder);
  expect(await importOptional("./own.cjs")).toBe(5);
  await expect(importOptional("not-installed")).rejects.toMatchObject({ code: "MODULE_NOT_FOUND" });
});
