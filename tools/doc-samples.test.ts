/** What the documents show compiles against the built packages, as a reader would compile it. */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { publicPackages } from "./public-packages.ts";

/** What samples take from the text around them. */
const surroundings = `
  declare module "cloudflare:workers" {
    interface KvNamespace {
      get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
      put(key: string, value: Uint8Array, options: { readonly expiration: number }): Promise<void>;
      delete(key: string): Promise<void>;
    }
    export const env: { readonly TOKENS: KvNamespace };
  }
  declare const scope: string;
  declare const identity: import("@azidentity/core").Identity;
  declare const createIdentity: typeof import("@azidentity/core").createIdentity;
  declare const defineConfig: typeof import("@azidentity/core").defineConfig;
  declare const teamBroker: import("@azidentity/core/plugin").AnySource;
  declare const options: import("@azidentity/core/plugin").OptionsSchema<{ readonly url?: string }>;
  declare function createStore(options: { readonly url?: string }): import("@azidentity/core/plugin").TokenStore;
  declare const credential: import("@azidentity/core").SourceCredential;
  declare const scopes: string[];
  declare const { writeFile, readFile }: typeof import("node:fs/promises");
  declare const accessTokenOfTheCaller: string;
  declare function getNativeWindowHandle(): Uint8Array;
  declare const startEmulator: typeof import("@azidentity/emulator").startEmulator;
  declare const emulator: import("@azidentity/emulator").Emulator;
  declare const other: import("@azidentity/emulator").Emulator;
  declare const { tenantId, application, authorityHost }: typeof emulator;
  declare const clientId: string;
  declare const authorizationUrl: string;
  declare const msal: import("@azure/msal-node").PublicClientApplication;
  declare const { ClientCertificateCredential, DeviceCodeCredential }: typeof import("@azure/identity");
  declare module "@contoso/identity-policy" {
    export function configOf(clientId: import("@azidentity/core").Reference): import("@azidentity/core").IdentityConfig;
  }
  declare module "express" {
    interface Response { json(body: unknown): void }
    interface App {
      get(path: string, handle: (request: unknown, response: Response) => Promise<void>): void;
      listen(port: string | number): void;
    }
    export default function express(): App;
  }
`;

const compilerOptions = {
  module: "nodenext",
  target: "esnext",
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  allowImportingTsExtensions: true,
};

/** A project that has the public packages installed, and what its samples import besides. */
function project(strict: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-samples-"));
  for (const scope of ["@azidentity", "@azure", "@opentelemetry", "@types"])
    mkdirSync(join(folder, "node_modules", scope), { recursive: true });
  const install = (name: string, from: string) => symlinkSync(resolve(from), join(folder, "node_modules", name));
  for (const one of publicPackages()) install(one.name, one.folder);
  install("@azure/storage-blob", "examples/blob-storage/node_modules/@azure/storage-blob");
  for (const name of ["identity", "keyvault-secrets", "core-rest-pipeline", "msal-node"])
    install(`@azure/${name}`, `packages/emulator/node_modules/@azure/${name}`);
  install("@opentelemetry/api", "packages/core/node_modules/@opentelemetry/api");
  install("@types/node", "node_modules/@types/node");
  install("vitest", "node_modules/vitest");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...compilerOptions, strict } }));
  writeFileSync(join(folder, "surroundings.d.ts"), surroundings);
  return folder;
}

/** The programs in a document, but for fragments that are none. */
function samples(file: string): string[] {
  const blocks = readFileSync(file, "utf8").matchAll(/```[jt]s\n(.*?)```/gs);
  return [...blocks].map(([, code = ""]) => code).filter((code) => !/^\w+: [{[]/.test(code));
}

/** The recipes but for those that are tested with their clients, by tools/trees/recipes. */
const settingsRecipes = globSync("docs/recipes/*.md").filter(
  (page) => samples(page).length > 0 && !readFileSync(page, "utf8").includes("\n## Tested\n"),
);

const strictDocuments = [
  "README.md",
  "docs/write-a-plugin.md",
  "docs/troubleshooting.md",
  ...settingsRecipes,
  "docs/configuration.md",
  "docs/caching.md",
  "docs/migrating.md",
];
/** JavaScript may leave out what only strict TypeScript wants to see. */
const otherDocuments = publicPackages()
  .filter(({ entryPoints }) => Object.keys(entryPoints).length > 0)
  .map(({ folder }) => `${folder}/README.md`);

const sampleName = (document: string, index: number) => `${document.replaceAll("/", "-")}.${index}.ts`;

/** The compiler's errors in the samples of several documents, which it compiles in one run. */
function compile(documents: readonly string[], strict: boolean): string[] {
  const folder = project(strict);
  for (const document of documents) {
    for (const [index, code] of samples(document).entries())
      writeFileSync(join(folder, sampleName(document, index)), `${code}\nexport {};\n`);
  }
  const tsc = resolve("node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const errors = stdout.split("\n").filter((line) => line !== "");
  if (status !== 0 && errors.length === 0) throw new Error(`The compiler ended with ${status} and said nothing.`);
  return errors;
}

let errors: readonly string[];
beforeAll(() => {
  errors = [...compile(strictDocuments, true), ...compile(otherDocuments, false)];
});

it.each([...strictDocuments, ...otherDocuments])("the samples of %s compile", (document) => {
  const names = samples(document).map((_, index) => sampleName(document, index));
  expect(names.length).toBeGreaterThan(0);
  expect(errors.filter((error) => names.some((name) => error.startsWith(name)))).toEqual([]);
});

it("the compiler reports no errors outside of the documents", () => {
  expect(errors.filter((error) => !/^\s|^\S+\.md\.\d+\.ts\(/.test(error))).toEqual([]);
});
