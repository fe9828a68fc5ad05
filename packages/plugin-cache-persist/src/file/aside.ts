import { renameSync, rmSync } from "node:fs";
import { claimedKey, type Sealer } from "../seal/sealer.ts";
import { readOwnFile } from "./entry-file.ts";

/** Entries of other keys: what cannot be opened here is not lost, because its key may come back. */
export interface Asides {
  /** Whether another key sealed what lies at a path. */
  isOfOthers(path: string): boolean;
  /** Moves what another key sealed out of the way, to where `ours` finds it once that key is given again. */
  makeRoom(path: string): void;
  /** Where entries of our keys lie that others have moved. */
  ours(path: string): readonly string[];
  removeOurs(path: string): void;
}

export function createAsides({ keyNames }: Pick<Sealer, "keyNames">): Asides {
  const ownerOf = (path: string): string | undefined => {
    const bytes = readOwnFile(path);
    const owner = bytes === undefined || typeof bytes === "string" ? undefined : claimedKey(bytes);
    return owner === undefined || keyNames.includes(owner) ? undefined : owner;
  };
  const ours = (path: string) => keyNames.map((name) => `${path}.${name}`);
  return {
    isOfOthers: (path) => ownerOf(path) !== undefined,
    makeRoom(path) {
      const owner = ownerOf(path);
      if (owner !== undefined) renameSync(path, `${path}.${owner}`);
    },
    ours,
    removeOurs(path) {
      for (const one of ours(path)) rmSync(one, { force: true });
    },
  };
}
