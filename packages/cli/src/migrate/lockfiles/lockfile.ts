/** The package managers whose lockfiles can be read. */
export type PackageManager = "npm" | "pnpm" | "yarn-1" | "yarn" | "bun";

/** One entry of a package.json that names another package. */
export interface Ask {
  /** As it is written on the left, which differs from the name of the package for an alias. */
  readonly name: string;
  /** As it is written on the right; `undefined`: the lockfile has not kept it (pnpm). */
  readonly range: string | undefined;
  readonly kind: "dependency" | "peer" | "optional-peer";
  /** Id of the package that it got; `undefined`: none is installed. */
  readonly to: string | undefined;
}

/** A package of the lockfile, or a project of the workspace. */
export interface LockedPackage {
  /** Unique within its lockfile. */
  readonly id: string;
  /** The real name, whatever its aliases are. */
  readonly name: string;
  readonly version: string | undefined;
  /** Where it is installed, from the folder of the lockfile on, as far as the lockfile says. */
  readonly folder: string | undefined;
  readonly asks: readonly Ask[];
}

/** What a lockfile says, in the same form for all package managers. */
export interface Lockfile {
  readonly manager: PackageManager;
  /** Projects of the workspace. */
  readonly projects: readonly LockedPackage[];
  readonly packages: ReadonlyMap<string, LockedPackage>;
}

/** The part of a package.json that is read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  /** Of yarn: what is installed in place of each range of a package. */
  readonly resolutions?: Readonly<Record<string, string>>;
}

/** A lockfile of a form that is not read; the message says which forms are. */
export class UnreadableLockfile extends Error {
  override readonly name = "UnreadableLockfile";
}

/** The entries of a package.json; `resolve` finds what an entry got. */
export function asksOf(
  manifest: Manifest,
  resolve: (name: string, range: string) => string | undefined,
): readonly Ask[] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const own = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const asks = Object.entries(own).map(
    ([name, range]) => ({ name, range, kind: "dependency", to: resolve(name, range) }) as const,
  );
  const peers = Object.entries(peerDependencies ?? {}).map(([name, range]) => {
    const kind = peerDependenciesMeta?.[name]?.optional === true ? "optional-peer" : "peer";
    return { name, range, kind, to: resolve(name, range) } as const;
  });
  return [...asks, ...peers];
}

/** The name in `name@version`, which may begin with a scope. */
export function splitId(id: string): { readonly name: string; readonly version: string } {
  const at = id.indexOf("@", 1);
  return at === -1 ? { name: id, version: "" } : { name: id.slice(0, at), version: id.slice(at + 1) };
}
