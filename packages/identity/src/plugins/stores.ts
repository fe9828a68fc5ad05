import { workingDirectory } from "../shared/environment.ts";

/** What keeps tokens beyond the process: loaded for credentials that want it alone. */
const cachePersist = "@azidentity/plugin-cache-persist";

/**
 * Where packages are found from: this file; in a bundle that does not know where it is, the
 * program, then the working folder.
 */
function places(): readonly (string | undefined)[] {
  const here: string | undefined = import.meta.url;
  return here === undefined ? [process.argv[1], `${workingDirectory()}/package.json`] : [here];
}

/**
 * What requires the package with the store `file`.
 *
 * @throws {Error} if it is not installed
 */
export function requireFileStore(): NodeJS.Require {
  let cause: unknown;
  for (const place of places()) {
    try {
      const require = process.getBuiltinModule("node:module").createRequire(String(place));
      require.resolve(cachePersist);
      return require;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(
    `Persistent token caching was requested, but no persistence provider was configured. Run: npm install ${cachePersist}, or pass a plugin with a cache to useIdentityPlugin().`,
    { cause },
  );
}

/**
 * By a name that bundlers do not see, so that they build without it. `node:vm`, as in Jest, has no
 * `import()`, and that of a bundle finds packages from its own folder alone.
 */
async function loadFileStore() {
  type Package = typeof import("@azidentity/plugin-cache-persist");
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ cachePersist)) as Package;
  } catch (error) {
    if (!/^ERR_(?:VM_DYNAMIC_IMPORT_CALLBACK_MISSING|MODULE_NOT_FOUND)/.test(String(Object(error).code))) throw error;
    return requireFileStore()(cachePersist) as Package;
  }
}

/**
 * The store that a credential asks for; `undefined`: that of the program's config, which names its
 * plugin.
 */
export type StoreName = string | false | undefined;

/** The plugins with a store. */
export async function storePlugins(store: StoreName) {
  if (store === "file") return [(await loadFileStore()).default];
  return store === "msal-plugin" ? [(await import("@azidentity/plugin-cache-persist/msal")).default] : [];
}
