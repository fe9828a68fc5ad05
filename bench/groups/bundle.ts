/** What a bundler makes of a program that uses the core with settings in code. */
import type { Metafile } from "esbuild";
import { type Bundle, bundle, smallPrograms } from "../../tools/bundle-size.ts";
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

/**
 * The entry's chunk, and the chunks that it imports at once; those behind an `import()` are loaded
 * when they are needed.
 */
function startingChunks({ metafile: { outputs } }: Bundle): Metafile["outputs"][string][] {
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
  const chunks = startingChunks(await bundle(ours, ["./source.js"]));
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
  for (const { name, program, peer, ...limits } of smallPrograms) {
    const [mine, its] = [await bundle(program), await bundle(peer)];
    yield {
      figure: `bundle of ${name} (esbuild, minified): all chunks`,
      unit: "kB",
      ours: mine.minified,
      peer: its.minified,
      floor: undefined,
      ...all(atMost(limits.minified, mine.minified, "kB"), atMost(limits.gzipped, mine.gzipped, "kB gzipped")),
    };
  }
};
