import type { SourceContext } from "@azidentity/core/plugin";
import type { AnyTool, CliOptions, Env } from "./tool.ts";

/**
 * The home folder that the tools use; `undefined` for an account without one, such as the arbitrary
 * user id of a container, when no variable names a folder.
 */
export function homeFolder(env: Env): string | undefined {
  const named = process.platform === "win32" ? env.USERPROFILE : env.HOME;
  if (named !== undefined) return named;
  try {
    return process.getBuiltinModule("node:os").userInfo().homedir;
  } catch {
    return undefined; // the system has no entry for this user id
  }
}

/** A path below the home folder, where there is one. */
export const belowHome = (home: string | undefined, path: string) =>
  home === undefined ? undefined : `${home}/${path}`;

/**
 * `configDirectory` with `~/` replaced by the home folder; `undefined` where there is no option, or
 * no home folder.
 */
export function configFolder({ configDirectory }: CliOptions, home: string | undefined): string | undefined {
  if (!configDirectory?.startsWith("~/")) return configDirectory;
  return home === undefined ? undefined : process.getBuiltinModule("node:path").join(home, configDirectory.slice(2));
}

/** The folder of the tool's sign-in; `undefined` where nothing names one. */
export function folderOf(tool: AnyTool, options: CliOptions, { env }: SourceContext): string | undefined {
  const home = homeFolder(env);
  return configFolder(options, home) ?? tool.folder(env, home);
}

/**
 * Which files these are and in which state: another account, another text. Takes some microseconds,
 * because every hit calls it. @throws where a file may not be looked at: the account is unknown
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
