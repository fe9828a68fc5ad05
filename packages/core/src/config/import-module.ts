import type { Clock } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { withinLoadTimeout } from "./load-timeout.ts";

/**
 * Imports a module by its absolute path and reads it with `read`; rejects when the two do not
 * finish in time. A module that is loaded may still export a promise that never settles.
 */
export type ImportModule = <T>(file: string, read: (module: unknown) => T | Promise<T>) => Promise<T>;

/**
 * What Node.js requires, as `import()` returns it. A module that has to be awaited cannot be
 * required.
 */
function requireFile(file: string): unknown {
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    const loaded: unknown = createRequire(file)(file);
    return process.getBuiltinModule("node:util").types.isModuleNamespaceObject(loaded) ? loaded : { default: loaded };
  } catch (cause) {
    if (!/^ERR_REQUIRE_(?:ESM|ASYNC_MODULE)$/.test(String(Object(cause).code))) throw cause;
    throw new ConfigurationError(
      "config-malformed",
      `${file} can only be loaded with \`import()\`, which is off here.`,
      {
        file,
        remedy: "Start Jest with NODE_OPTIONS=--experimental-vm-modules, or write the file as CommonJS (.cjs).",
        cause,
      },
    );
  }
}

/**
 * Imports a file; bundlers leave this to Node.js. Code that runs in `node:vm`, as tests do in Jest,
 * has no `import()`, so there Node.js requires it.
 */
async function importFile(file: string): Promise<unknown> {
  const { href } = process.getBuiltinModule("node:url").pathToFileURL(file);
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ href);
  } catch (error) {
    if (!/^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test(String(Object(error).code))) throw error;
    return requireFile(file);
  }
}

/** Imports modules within that time limit. */
export function createImportModule(clock: Clock, signal: AbortSignal): ImportModule {
  return (file, read) => withinLoadTimeout(clock, importFile(file).then(read), file, { file, signal });
}
