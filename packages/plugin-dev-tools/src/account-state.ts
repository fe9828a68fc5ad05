import type { Env } from "./tool.ts";

/** The home folder as tools find it. */
export function homeFolder(env: Env): string {
  const named = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  return named ?? process.getBuiltinModule("node:os").userInfo().homedir;
}

/** Which files these are and in which state: another account, another text. Some microseconds, because it is asked on every hit. */
export function stateOf(files: readonly string[]): string {
  const { statSync } = process.getBuiltinModule("node:fs");
  let state = "";
  for (const file of files) {
    let seen = "-";
    try {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat !== undefined) seen = `${stat.ino}.${stat.size}.${stat.mtimeMs}`;
    } catch {
      seen = "?"; // may not be looked at: the tool will say why
    }
    state += `${file}=${seen};`;
  }
  return state;
}
