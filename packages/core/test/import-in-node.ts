import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// a file that Node loads itself, so its import() is Node's
const nativeImport = createRequire(import.meta.url)("./native-import.cjs") as (url: string) => Promise<unknown>;

/**
 * Imports as Node does: the runner of the tests would even out the differences between kinds of
 * modules.
 */
export const importInNode = async <T = unknown>(
  file: string,
  read: (module: unknown) => T | Promise<T> = (module) => module as T,
): Promise<T> => read(await nativeImport(pathToFileURL(file).href));
