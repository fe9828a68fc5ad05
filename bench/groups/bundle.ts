/** What a bundler makes of a program that uses the core with settings in code. */
import { bundle, bytesAtStart, chunksAtStart, hostedProgram, smallPrograms } from "../../tools/bundle-size.ts";
import type { Group } from "../group.ts";
import { all, atMost } from "../harness/row.ts";

const ours = `
import { createIdentity } from "@azidentity/core";
import { source } from "./source.js";
export const identity = createIdentity({ config: false, plugins: [source] });
`;
const peer = `
import { ClientSecretCredential } from "@azure/identity";
export const credential = new ClientSecretCredential("tenant", "client", "secret");
`;

export const run: Group = async function* () {
  const own = await bundle(ours, ["./source.js"]);
  const chunks = chunksAtStart(own);
  const kB = { ours: bytesAtStart(own) / 1_000, peer: bytesAtStart(await bundle(peer)) / 1_000 };
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
  const hosted = bytesAtStart(await bundle(hostedProgram.program)) / 1_000;
  yield {
    figure: "bundle of core and plugin-managed-identity (esbuild, minified): loaded at start",
    unit: "kB",
    ours: hosted,
    peer: bytesAtStart(await bundle(hostedProgram.peer)) / 1_000,
    floor: undefined,
    ...atMost(hostedProgram.atStart, hosted, "kB"),
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
