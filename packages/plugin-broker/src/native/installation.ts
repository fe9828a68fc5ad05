import type { Obstacle } from "../platform.ts";

/** An optional peer dependency of 46 MB: it has the native libraries of all systems. */
const nativePackage = "@azure/msal-node-extensions";

const code = "broker-unavailable";
/** Without its install script, which compiles a module that the broker does not need. */
const remedy = `Run: npm install --ignore-scripts ${nativePackage}@5`;

export const nativePackageMissing: Obstacle = { code, problem: `${nativePackage} is not installed.`, remedy };
export const nativePackageIncomplete: Obstacle = { code, problem: `${nativePackage} is incomplete.`, remedy };
export const hostMissing: Obstacle = {
  code,
  problem: "The program that loads the native library is not next to the plugin.",
  remedy: "Mark @azidentity/plugin-broker as external in the bundler's configuration.",
};

/**
 * The program next to this file, as source or as built. `undefined` in a bundle, which does not
 * contain it.
 */
export function findHost(): string | undefined {
  const here: string | undefined = import.meta.url; // undefined in a CommonJS bundle
  if (here === undefined) return undefined;
  const name = here.endsWith(".ts") ? "./host.cts" : "./host.cjs";
  const file = process.getBuiltinModule("node:url").fileURLToPath(new URL(name, here));
  return process.getBuiltinModule("node:fs").existsSync(file) ? file : undefined;
}

/**
 * Looks for that program and its native package, and loads neither. `undefined`: both are there.
 */
export function findMissingPart(): Obstacle | undefined {
  const host = findHost();
  if (host === undefined) return hostMissing;
  try {
    process.getBuiltinModule("node:module").findPackageJSON(nativePackage, host);
    return undefined;
  } catch {
    return nativePackageMissing; // no node_modules at or above the plugin has it
  }
}
