import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Makes a folder, and those above it, where they are missing; for the user alone, unless `mode`
 * says otherwise. `mkdir` with `recursive` never returns in a file system that makes no folders,
 * such as /proc (Node.js 24).
 *
 * @throws {Error} the error of the system
 */
export function makeFolder(folder: string, mode = 0o700): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (!isFolder(folder)) throw error; // another process has made it meanwhile
  }
}
