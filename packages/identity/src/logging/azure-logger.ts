import type { AzureLogger } from "../types/logger.ts";

interface Package {
  createClientLogger(namespace: string): AzureLogger;
}

/** The ES module beside the CommonJS one, in the folders of the Azure SDKs. */
const esModuleOf = (commonJs: string) => commonJs.replace(/([\\/])dist\1commonjs\1/, "$1dist$1esm$1");

/**
 * Loads an optional package of the Azure SDKs; `undefined`: the program does not have it. The
 * CommonJS copy is taken only if it is in use already, because each copy has a state of its own.
 * A CommonJS bundle does not know where it is, and has what it was built with.
 */
export function loadOptional<T>(name: string): T | undefined {
  const here: string | undefined = import.meta.url; // undefined in a CommonJS bundle
  if (here === undefined) return undefined;
  try {
    const require = process.getBuiltinModule("node:module").createRequire(here);
    const commonJs = require.resolve(name);
    return require(require.cache[commonJs] === undefined ? esModuleOf(commonJs) : commonJs);
  } catch {
    return undefined;
  }
}

/**
 * Loads an inner file of such a package, beside its CommonJS entry; `undefined`: it has none of
 * that name.
 */
export function loadInner<T>(name: string, file: string): T | undefined {
  const here: string | undefined = import.meta.url;
  if (here === undefined) return undefined;
  try {
    const require = process.getBuiltinModule("node:module").createRequire(here);
    return require(require.resolve(name).replace(/[^\\/]+$/, file));
  } catch {
    return undefined;
  }
}

/** The logger of `@azure/logger`, if the program has that package. */
export const findAzureLogger = (namespace: string): AzureLogger | undefined =>
  loadOptional<Package>("@azure/logger")?.createClientLogger(namespace);
