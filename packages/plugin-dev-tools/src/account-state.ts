import type { Env } from "./tool.ts";

/** The home folder that the tools use. */
export function homeFolder(env: Env): string {
  const named = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  return named ?? process.getBuiltinModule("node:os").userInfo().homedir;
}

/**
 * The names and states of the files: the text changes with the account. Must take only
 * microseconds, because it is read on every hit of the cache.
 */
export function stateOf(files: readonly string[]): string {
  const { statSync } = process.getBuiltinModule("node:fs");
  let state = "";
  for (const file of files) {
    let fileState = "-";
    try {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat !== undefined) fileState = `${stat.ino}.${stat.size}.${stat.mtimeMs}`;
    } catch {
      fileState = "?"; // not readable: the tool reports the reason
    }
    state += `${file}=${fileState};`;
  }
  return state;
}
