import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { officialPluginNames } from "../project/official-plugins.ts";
import { readVersion } from "../version.ts";

/** The version that the nearest node_modules at or above a folder has of a package. */
function installedVersion(name: string, folder: string): string | undefined {
  try {
    const manifest = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(manifest) as { readonly version?: string }).version;
  } catch {
    return dirname(folder) === folder ? undefined : installedVersion(name, dirname(folder));
  }
}

/**
 * Versions of plugins by their names. Official ones are those beside `azid`, and have its version;
 * the others are looked for as Node.js does.
 *
 * @param folder that of the config
 */
export function pluginVersions(
  plugins: readonly { readonly name: string }[],
  folder: string,
): Readonly<Record<string, string>> {
  const found = plugins.map(({ name }) => {
    const version = officialPluginNames.includes(name) ? readVersion() : installedVersion(name, folder);
    return [name, version] as const;
  });
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}
