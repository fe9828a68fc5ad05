import { ConfigurationError } from "../contract/errors.ts";
import { isData } from "./load-file.ts";

/**
 * What is wrong with who may write a config file, or put another one in its place; `undefined` when nothing is. Windows keeps that
 * elsewhere.
 */
export function writableByOthers(file: string): { readonly problem: string; readonly remedy: string } | undefined {
  if (process.platform === "win32") return undefined;
  const { statSync } = process.getBuiltinModule("node:fs");
  const folder = process.getBuiltinModule("node:path").dirname(file);
  const open = [file, folder].find((one) => ((statSync(one, { throwIfNoEntry: false })?.mode ?? 0) & 0o002) !== 0);
  if (open === undefined) return undefined;
  const what = open === file ? `the config file ${file}` : `the folder of the config file ${file}`;
  return {
    problem: `Everybody on this machine may write ${what}, and so decide who this program signs in as.`,
    remedy: `Run: chmod o-w ${open}`,
  };
}

/** JSON and YAML are data: what they name as a plugin is run, so a path has to stay inside the config's folder. */
export function refusePathsOutside(plugins: readonly unknown[], file: string): void {
  if (!isData(file)) return;
  const { dirname, isAbsolute, relative, resolve } = process.getBuiltinModule("node:path");
  for (const plugin of plugins) {
    if (typeof plugin !== "string") continue;
    const isName = !isAbsolute(plugin) && !plugin.startsWith(".");
    if (isName && !plugin.split(/[\\/]/).includes("..")) continue;
    const inside = relative(dirname(file), resolve(dirname(file), plugin));
    if (!isName && !inside.startsWith("..") && !isAbsolute(inside)) continue;
    throw new ConfigurationError(
      "path-outside-config",
      `${file} names the plugin ${plugin}, which is outside its folder.`,
      {
        file,
        path: "plugins",
        remedy:
          "Move the plugin into the project, install it as a package, or write the config in TypeScript or JavaScript.",
      },
    );
  }
}
