/** What the documents show compiles against the built packages, as a reader would compile it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { publicPackages } from "./public-packages.ts";

/** What samples take from the text around them. */
const surroundings = `
  declare const scope: string;
  declare const identity: import("@azidentity/core").Identity;
  declare const createIdentity: typeof import("@azidentity/core").createIdentity;
  declare const defineConfig: typeof import("@azidentity/core").defineConfig;
  declare const teamBroker: import("@azidentity/core/plugin").AnySource;
  declare const options: import("@azidentity/core/plugin").OptionsSchema<{ readonly url?: string }>;
  declare function createStore(options: { readonly url?: string }): import("@azidentity/core/plugin").TokenStore;
`;

const compilerOptions = {
  module: "nodenext",
  target: "esnext",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  allowImportingTsExtensions: true,
};

/** A project that has the public packages installed, and what its samples import besides. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-samples-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const scope of ["@azidentity", "@azure", "@types"])
    mkdirSync(join(folder, "node_modules", scope), { recursive: true });
  const install = (name: string, from: string) => symlinkSync(resolve(from), join(folder, "node_modules", name));
  for (const one of publicPackages()) install(one.name, one.folder);
  install("@azure/storage-blob", "examples/blob-storage/node_modules/@azure/storage-blob");
  install("@types/node", "node_modules/@types/node");
  install("vitest", "node_modules/vitest");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  writeFileSync(join(folder, "surroundings.d.ts"), surroundings);
  return folder;
}

/** The TypeScript in a document, but for fragments that are no program. */
function samples(file: string): string[] {
  const blocks = readFileSync(file, "utf8").matchAll(/```ts\n(.*?)```/gs);
  return [...blocks].map(([, code = ""]) => code).filter((code) => !/^\w+: \{/.test(code));
}

it.each(["README.md", "docs/write-a-plugin.md", "docs/troubleshooting.md"])(
  "the samples of %s compile",
  (file) => {
    const folder = project();
    const codes = samples(file);
    expect(codes.length).toBeGreaterThan(1);
    for (const [index, code] of codes.entries())
      writeFileSync(join(folder, `sample${index}.ts`), `${code}\nexport {};\n`);
    const tsc = resolve("node_modules/typescript/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, ""]);
  },
  30_000,
);
