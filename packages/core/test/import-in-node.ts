import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// a file that Node loads itself, so its import() is Node's
const nativeImport = createRequire(import.meta.url)("./native-import.cjs") as (url: string) => Promise<unknown>;

/** Imports as Node does: the runner of the tests would even out the differences between kinds of modules. */
export const importInNode = (file: string): Promise<unknown> => nativeImport(pathToFileURL(file).href);
