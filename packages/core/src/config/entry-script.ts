type Started = Pick<NodeJS.Process, "argv" | "execArgv"> & {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly defaultApp?: boolean;
  readonly resourcesPath?: string;
};

/** The program's own file. What stands in its place without one is the user's: a document to open, an argument of `node -e`. */
export function entryScript(started: Started): string | undefined {
  const { argv, execArgv, versions, defaultApp, resourcesPath } = started;
  if (versions.electron !== undefined && defaultApp !== true) {
    const { join } = process.getBuiltinModule("node:path");
    const { existsSync } = process.getBuiltinModule("node:fs");
    const apps = ["app.asar", "app"].map((name) => join(resourcesPath ?? "", name));
    return resourcesPath === undefined ? undefined : apps.find((app) => existsSync(app));
  }
  return execArgv.some((flag) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(flag)) ? undefined : argv[1];
}
