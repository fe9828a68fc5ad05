import { ConfigurationError } from "../contract/errors.ts";

/** What is wrong with who may write a config file; `undefined` when nothing is. Windows keeps that elsewhere. */
export function writableByOthers(file: string): string | undefined {
  if (process.platform === "win32") return undefined;
  const { mode } = process.getBuiltinModule("node:fs").statSync(file);
  if ((mode & 0o002) === 0) return undefined;
  return `Everybody on this machine may write the config file ${file}, and so decide who this program signs in as.`;
}

/** JSON and YAML are data: what they name as a plugin is run, so a path has to stay inside the config's folder. */
export function refusePathsOutside(plugins: readonly unknown[], file: string): void {
  if (!/(\.(json|ya?ml)|rc)$/.test(file)) return;
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
