import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly [kind: string]: unknown;
}

const manifests = globSync("packages/*/package.json").map((path): Manifest => JSON.parse(readFileSync(path, "utf8")));
const published = manifests.filter((manifest) => manifest.private !== true);
const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));

/** What a manifest names of this workspace. */
const ofWorkspace = (manifest: Manifest, kinds: readonly string[]): string[] =>
  kinds
    .flatMap((kind) => Object.entries((manifest[kind] ?? {}) as Record<string, string>))
    .filter(([, range]) => range.startsWith("workspace:"))
    .map(([name]) => name);
const installed = ["dependencies", "optionalDependencies", "peerDependencies"];

it.each(published)("$name can be packed: what it names of the workspace has a version", (manifest) => {
  const named = ofWorkspace(manifest, [...installed, "devDependencies"]);
  const unversioned = [manifest.name, ...named].filter((name) => byName.get(name)?.version === undefined);
  expect(unversioned).toEqual([]);
});

it.each(published)("$name can be installed: what it needs of the workspace is published, too", (manifest) => {
  expect(ofWorkspace(manifest, installed).filter((name) => byName.get(name)?.private !== undefined)).toEqual([]);
});
