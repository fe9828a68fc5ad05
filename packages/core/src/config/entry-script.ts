type StartedProcess = Pick<NodeJS.Process, "argv" | "execArgv"> & {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly defaultApp?: boolean;
  readonly resourcesPath?: string;
};

/**
 * The file of the program; `undefined`: there is none, and `argv[1]` is an input of the user (a
 * document to open, an argument of `node -e`).
 */
export function entryScript(started: StartedProcess): string | undefined {
  const { argv, execArgv, versions, defaultApp, resourcesPath } = started;
  if (versions.electron !== undefined && defaultApp !== true) {
    const { join } = process.getBuiltinModule("node:path");
    const { existsSync } = process.getBuiltinModule("node:fs");
    const apps = ["app.asar", "app"].map((name) => join(resourcesPath ?? "", name));
    return resourcesPath === undefined ? undefined : apps.find((app) => existsSync(app));
  }
  return execArgv.some((flag) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(flag)) ? undefined : argv[1];
}
