import { dirname } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import { findAsks } from "./asks.ts";
import { dropIn } from "./drop-in.ts";
import { searchCode } from "./habits/search-code.ts";
import { undeclaredImports } from "./habits/undeclared-imports.ts";
import { UnreadableLockfile } from "./lockfiles/lockfile.ts";
import { measure } from "./measure.ts";
import { type FoundLockfile, findLockfile, lockfileNames } from "./read-lockfile.ts";
import type { MigrationReport } from "./report.ts";
import { stepsOf } from "./steps.ts";
import { packagesThatGo } from "./weight.ts";

/**
 * Looks at the lockfile and at the code of a folder. Reads files, and writes none.
 *
 * @throws {CommandError} `no-lockfile`, `unreadable-lockfile`
 * @throws the reason of the signal
 */
export async function checkMigration(folder: string, signal: AbortSignal): Promise<MigrationReport> {
  const { path, lockfile } = await requireLockfile(folder);
  const asks = findAsks(lockfile);
  const going = packagesThatGo(lockfile);
  return {
    lockfile: { path, manager: lockfile.manager },
    asks,
    steps: stepsOf(lockfile.manager, asks),
    goes: {
      packages: going.map(({ name, version }) => `${name}@${version}`).toSorted(),
      bytes: measure(dirname(path), lockfile, going),
    },
    comesMegabytes: dropIn.installedMegabytes,
    code: await searchCode(folder, undeclaredImports(going), signal),
  };
}

async function requireLockfile(folder: string): Promise<FoundLockfile> {
  const found = await findLockfile(folder).catch((error: unknown) => {
    if (!(error instanceof UnreadableLockfile)) throw error;
    throw new CommandError("unreadable-lockfile", `${String(error.cause)} cannot be used. ${error.message}`, {
      remedy: "Install with your package manager, so that it writes the lockfile again.",
    });
  });
  if (found !== undefined) return found;
  throw new CommandError("no-lockfile", `${folder} and the folders above it have no lockfile.`, {
    remedy: `Name the folder of a project that has one of ${lockfileNames.join(", ")}.`,
  });
}
