import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, and those above it, for the user alone. `mkdirSync` with `recursive` never returns
 * in a file system that makes no folders, such as /proc (Node.js 24).
 *
 * @throws {Error} the error of the system
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder, { mode: 0o700 });
}
