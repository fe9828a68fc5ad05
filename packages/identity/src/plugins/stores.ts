import { workingDirectory } from "../shared/environment.ts";

/** What keeps tokens beyond the process: loaded for credentials that want it alone. */
const cachePersist = "@azidentity/plugin-cache-persist";

/** Finds packages from here; a bundle in CommonJS has no URL, so it finds them from the working folder. */
function requireFromHere(): NodeJS.Require {
  const from: string | undefined = import.meta.url;
  return process.getBuiltinModule("node:module").createRequire(from ?? `${workingDirectory()}/package.json`);
}

/**
 * @throws {Error} if the package with the store `file` is not installed
 */
export function requireFileStore(): void {
  try {
    requireFromHere().resolve(cachePersist);
  } catch (cause) {
    throw new Error(
      `Persistent token caching was requested, but no persistence provider was configured. Run: npm install ${cachePersist}, or pass a plugin with a cache to useIdentityPlugin().`,
      { cause },
    );
  }
}

/** By a name that bundlers do not see, so that they build without it. `node:vm`, as in Jest, has no `import()`. */
async function loadFileStore() {
  type Package = typeof import("@azidentity/plugin-cache-persist");
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ cachePersist)) as Package;
  } catch (error) {
    if (!/^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test(String(Object(error).code))) throw error;
    return requireFromHere()(cachePersist) as Package;
  }
}

/** The store that a credential asks for; `undefined`: that of the program's config, which names its plugin. */
export type StoreName = string | false | undefined;

/** The plugins with a store. */
export async function storePlugins(store: StoreName) {
  if (store === "file") return [(await loadFileStore()).default];
  return store === "msal-plugin" ? [(await import("@azidentity/plugin-cache-persist/msal")).default] : [];
}
