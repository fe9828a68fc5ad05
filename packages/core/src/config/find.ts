import { ConfigurationError } from "../errors/errors.ts";
import { decodeText } from "../util/text.ts";

const extensions = ["ts", "mts", "js", "mjs", "cjs", "json", "yaml", "yml"];
/** Names of config files, in order of precedence. */
export const configNames: readonly string[] = [
  ...extensions.map((extension) => `azidentity.config.${extension}`),
  ".azidentityrc",
  ...extensions.map((extension) => `.azidentityrc.${extension}`),
];

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/**
 * The config file of a project folder: the first by `configNames`, else a package.json with our
 * key, else none.
 */
export function findConfigFile(folder: string): string | undefined {
  const { join } = paths();
  const names = namesIn(folder);
  const name = configNames.find((one) => names.includes(one));
  if (name !== undefined) return join(folder, name);
  const manifest = join(folder, "package.json");
  return names.includes("package.json") && manifestConfig(manifest) !== undefined ? manifest : undefined;
}

/** Names in a folder; none for a folder that does not exist. */
function namesIn(folder: string): readonly string[] {
  try {
    return fs().readdirSync(folder);
  } catch (cause) {
    const { code } = Object(cause) as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    // there may be a config that decides the identity of this program
    throw new ConfigurationError(
      "config-unreadable",
      `The folder ${folder} cannot be searched for a config (${code}).`,
      {
        remedy:
          "Allow this program to list it, name the config with AZIDENTITY_CONFIG, or disable the search with `config: false`.",
        cause,
      },
    );
  }
}

/** The content of a package.json; `undefined` for one that cannot be read, which npm reports. */
export function readManifest(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(decodeText(fs().readFileSync(file)))) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** The value of our key in a package.json. */
export function manifestConfig(file: string): unknown {
  return readManifest(file)?.azidentity;
}

const markerFields = ["type", "sideEffects", "main", "module", "browser", "types", "typings", "exports", "imports"];

/**
 * Whether a package.json only sets the kind of the modules below it, as builds add one to
 * `dist/esm`, and is not that of a project.
 */
export function isScopeMarker(manifest: string): boolean {
  const fields = Object.keys(readManifest(manifest) ?? { name: "" });
  if (fields.some((field) => !markerFields.includes(field))) return false;
  return !fs().existsSync(paths().join(paths().dirname(manifest), "node_modules"));
}
