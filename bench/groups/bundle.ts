/** What a bundler makes of a program that uses the core with settings in code. */
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import type { Group } from "../group.ts";
import { all, atMost } from "../harness/row.ts";

const ours = `
import { createIdentity } from "@azidentity/core";
import { source } from "./source.js";
export const identity = createIdentity({ config: false, plugins: [source] });
`;
const managed = `
import { createIdentity } from "@azidentity/core";
import managedIdentity from "@azidentity/plugin-managed-identity";
export const identity = createIdentity({ config: false, plugins: [managedIdentity] });
`;
const managedPeer = `
import { ManagedIdentityCredential } from "@azure/identity";
export const credential = new ManagedIdentityCredential();
`;
const peer = `
import { ClientSecretCredential } from "@azure/identity";
export const credential = new ClientSecretCredential("tenant", "client", "secret");
`;

async function bundle(contents: string): Promise<Metafile> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, "..") },
    external: ["./source.js"],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return metafile;
}

/** The entry's chunk, and the chunks that it imports at once; those behind an `import()` are loaded when they are needed. */
function startingChunks({ outputs }: Metafile): Metafile["outputs"][string][] {
  const names = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === "<stdin>");
  for (const name of names) {
    for (const { path, kind, external } of outputs[name]?.imports ?? []) {
      if (kind === "import-statement" && !external && !names.includes(path)) names.push(path);
    }
  }
  return names.flatMap((name) => outputs[name] ?? []);
}

const bytes = (chunks: readonly { readonly bytes: number }[]) => chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);

export const run: Group = async function* () {
  const chunks = startingChunks(await bundle(ours));
  const kB = { ours: bytes(chunks) / 1_000, peer: bytes(startingChunks(await bundle(peer))) / 1_000 };
  const heavy = ["tsyringe", "cosmiconfig", "reflect-metadata"].filter((name) =>
    chunks.some(({ inputs }) => Object.keys(inputs).some((path) => path.includes(`/node_modules/${name}/`))),
  );
  yield {
    figure: "bundle of core (esbuild, minified): loaded at start",
    unit: "kB",
    ...kB,
    floor: undefined,
    ...all(atMost(60, kB.ours, "kB"), atMost(0, heavy.length, "of tsyringe, cosmiconfig")),
  };
  const hosted = bytes(startingChunks(await bundle(managed))) / 1_000;
  yield {
    figure: "bundle of core and plugin-managed-identity (esbuild, minified): loaded at start",
    unit: "kB",
    ours: hosted,
    peer: bytes(startingChunks(await bundle(managedPeer))) / 1_000,
    floor: undefined,
    ...atMost(75, hosted, "kB"),
  };
};
