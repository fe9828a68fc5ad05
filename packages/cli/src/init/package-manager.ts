import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A program that installs packages, and how it is asked to. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  /** Arguments before the names of packages. */
  readonly add: readonly string[];
}

const managers: readonly (PackageManager & { readonly lockfiles: readonly string[] })[] = [
  { name: "pnpm", add: ["add"], lockfiles: ["pnpm-lock.yaml"] },
  { name: "yarn", add: ["add"], lockfiles: ["yarn.lock"] },
  { name: "bun", add: ["add"], lockfiles: ["bun.lock", "bun.lockb"] },
  { name: "npm", add: ["install"], lockfiles: ["package-lock.json", "npm-shrinkwrap.json"] },
];

function namedIn(folder: string): string | undefined {
  try {
    const { packageManager } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      packageManager?: unknown;
    };
    return typeof packageManager === "string" ? packageManager.split("@")[0] : undefined;
  } catch {
    return undefined; // there is none, or npm will say what is wrong with it
  }
}

/**
 * The package manager of a project: the one that package.json names, or whose lockfile is at or
 * above the folder; else npm.
 */
export function findPackageManager(folder: string): PackageManager {
  const named = namedIn(folder);
  const found = managers.find(
    ({ name, lockfiles }) =>
      name === named || (named === undefined && lockfiles.some((file) => existsSync(join(folder, file)))),
  );
  if (found !== undefined) return { name: found.name, add: found.add };
  const above = dirname(folder);
  return above === folder ? { name: "npm", add: ["install"] } : findPackageManager(above);
}

/** Those of the packages that no node_modules at or above the folder has. */
export function missingPackages(names: readonly string[], folder: string): readonly string[] {
  const isThere = (name: string, at: string): boolean =>
    existsSync(join(at, "node_modules", name, "package.json")) || (dirname(at) !== at && isThere(name, dirname(at)));
  return names.filter((name) => !isThere(name, folder));
}
