/**
 * Imports a package that may not be installed. Bundlers do not see which one, so that they build
 * without it, and Node.js finds it from the folder of the bundle. Code that runs in `node:vm`, as
 * tests do in Jest, has no `import()`, so there Node.js requires it.
 *
 * @throws {Error} `ERR_MODULE_NOT_FOUND` or `MODULE_NOT_FOUND` when it is not installed
 */
export async function importOptional<Package>(name: string): Promise<Package> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Package;
  } catch (error) {
    if (!/^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test(String(Object(error).code))) throw error;
    return process.getBuiltinModule("node:module").createRequire(import.meta.url)(name) as Package;
  }
}
