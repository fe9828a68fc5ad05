import { type Mapping, mappingOf, readIndented, textOf, textsOf } from "./indented.ts";
import { type Ask, type LockedPackage, type Lockfile, splitId, UnreadableLockfile } from "./lockfile.ts";

/**
 * Reads pnpm-lock.yaml, versions 6 and 9. It keeps the ranges of the projects and of peers alone.
 * Source: https://github.com/pnpm/spec/tree/master/lockfile
 */
export function readPnpmLockfile(text: string): Lockfile {
  // pnpm may put a document for itself before that of the project
  const document = readIndented(text.split(/^---$/m).at(-1) ?? "");
  const version = Number.parseFloat(textOf(document, "lockfileVersion") ?? "");
  if (!(version >= 6))
    throw new UnreadableLockfile(
      "It has a lockfileVersion before 6; `pnpm install` of pnpm 8 or later writes a newer one.",
    );
  const described = withoutSlashes(mappingOf(document, "packages"));
  const installed = "snapshots" in document ? mappingOf(document, "snapshots") : described;
  const packages = new Map<string, LockedPackage>();
  for (const [id, entry] of Object.entries(installed)) {
    if (typeof entry === "string" && entry !== "{}") continue;
    const own = typeof entry === "string" ? {} : entry;
    const { name, version } = splitId(withoutPeers(id));
    const asks = packageAsks(installed, own, mappingOf(described, withoutPeers(id)));
    packages.set(id, { id, name, version, folder: undefined, asks });
  }
  const importers = mappingOf(document, "importers");
  const folders = Object.keys(importers).length === 0 ? { ".": document } : importers;
  const projects = Object.entries(folders).map(([folder, own]) => projectOf(installed, folder, own));
  return { manager: "pnpm", projects, packages };
}

/** Version 6 has a slash before each id. */
function withoutSlashes(mapping: Mapping): Mapping {
  return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key.replace(/^\//, ""), value]));
}

/** An id ends with the peers that the package got: `name@1.0.0(peer@2.0.0)`. */
const withoutPeers = (id: string) => id.replace(/\(.*$/, "");

/** A dependency is a version, or the id of a package with another name. */
function resolve(installed: Mapping, name: string, value: string): string | undefined {
  const bare = value.replace(/^\//, "");
  return [`${name}@${bare}`, bare].find((id) => Object.hasOwn(installed, id));
}

function packageAsks(installed: Mapping, own: Mapping, described: Mapping): readonly Ask[] {
  const peers = textsOf(mappingOf(described, "peerDependencies"));
  const meta = mappingOf(described, "peerDependenciesMeta");
  const all = { ...textsOf(mappingOf(own, "dependencies")), ...textsOf(mappingOf(own, "optionalDependencies")) };
  const found = Object.entries(all).map(([name, value]): Ask => {
    const kind = Object.hasOwn(peers, name) ? kindOfPeer(meta, name) : "dependency";
    return { name, range: peers[name], kind, to: resolve(installed, name, value) };
  });
  const missing = Object.entries(peers).filter(([name]) => !Object.hasOwn(all, name));
  return [
    ...found,
    ...missing.map(([name, range]): Ask => ({ name, range, kind: kindOfPeer(meta, name), to: undefined })),
  ];
}

function kindOfPeer(meta: Mapping, name: string): Ask["kind"] {
  return textOf(mappingOf(meta, name), "optional") === "true" ? "optional-peer" : "peer";
}

function projectOf(installed: Mapping, folder: string, own: string | Mapping): LockedPackage {
  const lists = ["dependencies", "devDependencies", "optionalDependencies"];
  const asks = lists.flatMap((list) =>
    Object.entries(mappingOf(typeof own === "string" ? {} : own, list)).map(([name, entry]): Ask => {
      const value = typeof entry === "string" ? {} : entry;
      const to = resolve(installed, name, textOf(value, "version") ?? "");
      return { name, range: textOf(value, "specifier"), kind: "dependency", to };
    }),
  );
  return { id: folder, name: folder, version: undefined, folder, asks };
}
