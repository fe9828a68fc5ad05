import { type FileFacts, systemFacts } from "../util/file-facts.ts";
import { findConfigFile } from "./find.ts";
import { walkUpwards } from "./program.ts";

/**
 * The config file of a folder, or of the nearest folder above it that has one. The search ends
 * after the home folder, after the root of a mount, and before the first folder that accounts other
 * than the user, root and the owner of `folder` may write.
 *
 * @param folder full path
 * @throws {ConfigurationError} `config-unreadable`: a folder cannot be listed, and may have one
 */
export function findConfigAbove(folder: string, facts: FileFacts = systemFacts()): string | undefined {
  for (const each of walkUpwards(folder, undefined, facts).folders) {
    const file = findConfigFile(each);
    if (file !== undefined) return file;
  }
  return undefined;
}
