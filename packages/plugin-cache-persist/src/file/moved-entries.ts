import { renameSync, rmSync } from "node:fs";
import { claimedKey, type Sealer } from "../seal/sealer.ts";
import { readOwnFile } from "./entry-file.ts";

/**
 * Entries that another key sealed. They are moved instead of replaced, because their key may be
 * configured again.
 */
export interface MovedEntries {
  /** Whether another key sealed the entry at `path`. */
  isSealedByOther(path: string): boolean;
  /**
   * Moves the entry at `path` if another key sealed it, to where `pathsOf` finds it under that key.
   */
  moveAway(path: string): void;
  /** Paths of entries of our keys that were moved from `path`. */
  pathsOf(path: string): readonly string[];
  /** Deletes the entries of our keys that were moved from `path`. */
  remove(path: string): void;
}

export function createMovedEntries({ keyNames }: Pick<Sealer, "keyNames">): MovedEntries {
  /** Name of the other key that sealed the entry at `path`, if any. */
  const otherKeyOf = (path: string): string | undefined => {
    const bytes = readOwnFile(path);
    const keyName = bytes === undefined || typeof bytes === "string" ? undefined : claimedKey(bytes);
    return keyName === undefined || keyNames.includes(keyName) ? undefined : keyName;
  };
  const pathsOf = (path: string) => keyNames.map((name) => `${path}.${name}`);
  return {
    isSealedByOther: (path) => otherKeyOf(path) !== undefined,
    moveAway(path) {
      const keyName = otherKeyOf(path);
      if (keyName !== undefined) renameSync(path, `${path}.${keyName}`);
    },
    pathsOf,
    remove(path) {
      for (const moved of pathsOf(path)) rmSync(moved, { force: true });
    },
  };
}
