import type { Env } from "./tool.ts";

/** The home folder that the tools use. */
export function homeFolder(env: Env): string {
  const named = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  return named ?? process.getBuiltinModule("node:os").userInfo().homedir;
}

/**
 * Which files these are and in which state: another account, another text. Takes some microseconds,
 * because every hit calls it. @throws where a file may not be looked at: the account cannot be told
 */
export function stateOf(files: readonly string[]): string {
  const { statSync } = process.getBuiltinModule("node:fs");
  let state = "";
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    state += `${file}=${stat === undefined ? "-" : `${stat.ino}.${stat.size}.${stat.mtimeMs}`};`;
  }
  return state;
}
