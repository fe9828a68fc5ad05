/**
 * What a project infers from our packages can be written into its declaration files, and still
 * refuses typos there.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { publicPackages } from "./public-packages.ts";

const packages = publicPackages();
const plugins = packages.filter(({ folder }) => basename(folder).startsWith("plugin-"));

/** A project that has the public packages installed. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "azidentity-declarations-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const install = (name: string, from: string) => {
    const target = join(folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(resolve(from), target);
  };
  for (const { name, folder: from } of packages) install(name, from);
  install("@types/node", "node_modules/@types/node");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Compiles the files of a project to declarations in its folder `out`. */
function compile(folder: string, ...files: readonly string[]) {
  const options = ["--module", "nodenext", "--target", "esnext", "--types", "node", "--strict"];
  const output = ["--declaration", "--emitDeclarationOnly", "--outDir", "out", "--rootDir", "."];
  const tsc = resolve("node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...output, ...files], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout };
}

const names = plugins.map(({ name }, index) => ({ name, as: `plugin${index}` }));
const files = {
  "package.json": '{ "type": "module" }',
  "bare.ts": `
    import { definePlugin, defineSource } from "@azidentity/core";
    const create = () => ({ getToken: async () => { throw new Error("no vault"); } });
    export const bare = defineSource({ name: "bare", kind: "deployed", tenantPolicy: "fixed", subject: () => "b", create });
    export default definePlugin({ name: "bare", sources: [bare] });`,
  "vault.ts": `
    import { defineOptions, definePlugin, defineSource, outcomeError } from "@azidentity/core/plugin";
    declare module "@azidentity/core/plugin" {
      interface PluginErrorCodes {
        "vault-sealed": true;
      }
    }
    export const options = defineOptions({ address: { type: "string", required: true } });
    export const vault = defineSource({
      name: "vault", kind: "deployed", tenantPolicy: "fixed", options, subject: ({ address }) => address,
      create: () => ({
        getToken: async () => { throw outcomeError("rejected", "The vault is sealed.", { code: "vault-sealed" }); },
      }),
    });
    export default definePlugin({ name: "vault", sources: [vault] });`,
  "azidentity.config.ts": `
    import { defineConfig } from "@azidentity/core";
    import bare from "./bare.js";
    import vault from "./vault.js";
    ${names.map(({ name, as }) => `import ${as} from "${name}";`).join("\n    ")}
    export const own = [${names.map(({ as }) => as).join(", ")}] as const;
    export default defineConfig({ plugins: [bare, vault, ...own], chain: ["vault", "client-secret"] });`,
  "identity.ts": `
    import { createIdentity } from "@azidentity/core";
    import config from "./azidentity.config.js";
    export const identity = createIdentity(config);
    export const credential = identity.credential("vault", { address: { env: "VAULT" } });
    export const provider = identity.provider("https://vault.azure.net/.default");`,
  "program.ts": `
    import { isIdentityError } from "@azidentity/core";
    import { identity } from "./out/identity.js";
    identity.credential("bare");
    identity.credential("managed-identity", { clientId: "c" });
    identity.credential("valt");
    identity.credential("vault", { adress: "https://vault.example" });
    identity.chain(["vault", "client-secrt"]);
    declare const error: unknown;
    if (isIdentityError(error)) {
      if (error.code === "vault-sealed" || error.code === "no-credential-available") console.log(error.errors);
      if (error.code === "vault-seeled") console.log(error);
      if (error.code === "no-credential-available") console.log(error.errors);
    }`,
};

it("What a project infers from plugins, ours and its own, compiles to declarations, and typos in names, options and error codes do not compile", () => {
  const folder = project(files);

  expect(compile(folder, "identity.ts")).toEqual({ status: 0, stdout: "" });
  const { stdout } = compile(folder, "program.ts");
  expect([...stdout.matchAll(/^program\.ts\((\d+),/gm)].map(([, line]) => Number(line))).toEqual([6, 7, 8, 11, 12]);
}, 120_000);
