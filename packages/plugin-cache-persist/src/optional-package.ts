/**
 * Imports a package that may not be installed. Bundlers do not see which one, so that they build
 * without it, and Node.js finds it from the folder of the bundle. Code that runs in `node:vm`, as
 * tests do in Jest, has no `import()`, so there Node.js requires it: from the working directory in
 * a CommonJS bundle, which does not know where it is.
 *
 * @throws {Error} `ERR_MODULE_NOT_FOUND` or `MODULE_NOT_FOUND` when it is not installed
 */
export async function importOptional<Package>(name: string): Promise<Package> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as Package;
  } catch (error) {
    if (!/^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test(String(Object(error).code))) throw error;
    const here: string | undefined = import.meta.url; // undefined in a CommonJS bundle
    const { createRequire } = process.getBuiltinModule("node:module");
    return createRequire(here ?? `${process.cwd()}/package.json`)(name) as Package;
  }
}
