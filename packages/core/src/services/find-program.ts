import { deniedPermission } from "../errors/denied-permission.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { isFullPath, windowsVariable } from "../util/windows.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a search for programs reads from the machine. */
export interface ProgramFiles {
  /** The operating system, as Node.js calls it. */
  readonly platform: NodeJS.Platform;
  /**
   * Whether the file exists and may be run. Throws what the runtime does not permit to find out.
   */
  readonly isProgram: (file: string) => boolean;
}

/**
 * Extensions that Windows starts without an interpreter. PATHEXT also has those of scripts, which
 * need one.
 */
const startable = [".com", ".exe", ".cmd", ".bat"];

function namesOf(program: string, env: Env): string[] {
  const listed = (windowsVariable(env, "PATHEXT") ?? "").toLowerCase().split(";");
  const known = listed.filter((extension) => startable.includes(extension));
  return (known.length > 0 ? known : startable).map((extension) => program + extension);
}

/**
 * The folders of PATH that do not depend on the current directory, which other users may write.
 */
function foldersOf(env: Env, platform: NodeJS.Platform): string[] {
  const folders =
    platform === "win32"
      ? (windowsVariable(env, "PATH") ?? "").split(";").map((folder) => folder.replaceAll('"', "").trim())
      : (env.PATH ?? "").split(":");
  return folders.filter((folder) => isFullPath(folder, platform));
}

/**
 * The absolute path of a program on PATH, by its bare name; `undefined` when it is not found.
 * Nothing is run.
 *
 * @throws {IdentityError} `permission-denied`: it was not found where the runtime permits to look
 */
export function findProgram(program: string, env: Env, { platform, isProgram }: ProgramFiles): string | undefined {
  const windows = platform === "win32";
  if (program === "" || (windows ? /[\\/:]/ : /\//).test(program)) return undefined;
  const { join } = process.getBuiltinModule("node:path")[windows ? "win32" : "posix"];
  const names = windows ? namesOf(program, env) : [program];
  let denied: unknown;
  const isUsable = (file: string) => {
    try {
      return isProgram(file);
    } catch (error) {
      denied ??= error;
      return false;
    }
  };
  for (const folder of foldersOf(env, platform)) {
    const file = names.map((name) => join(folder, name)).find(isUsable);
    if (file !== undefined) return file;
  }
  if (denied !== undefined) throw outcomeError("not-installed", `${program} cannot be looked for.`, { cause: denied });
  return undefined;
}

/** The files of this machine. */
export function programFiles(): ProgramFiles {
  const { accessSync, constants, statSync } = process.getBuiltinModule("node:fs");
  const isProgram = (file: string) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch (error) {
      if (deniedPermission(error) !== undefined) throw error;
      return false;
    }
  };
  return { platform: process.platform, isProgram };
}
