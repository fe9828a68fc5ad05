import { ConfigurationError } from "../errors/errors.ts";

const extensions = ["ts", "mts", "js", "mjs", "cjs", "json", "yaml", "yml"];
/** In the order in which they win. */
export const configNames: readonly string[] = [
  ...extensions.map((extension) => `azidentity.config.${extension}`),
  ".azidentityrc",
  ...extensions.map((extension) => `.azidentityrc.${extension}`),
];

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/** The config file of a project folder: its first by `configNames`, else a package.json with our key, else none. */
export function findConfigFile(folder: string): string | undefined {
  const { join } = paths();
  const names = namesIn(folder);
  const name = configNames.find((one) => names.includes(one));
  if (name !== undefined) return join(folder, name);
  const manifest = join(folder, "package.json");
  return names.includes("package.json") && manifestConfig(manifest) !== undefined ? manifest : undefined;
}

/** Names in a folder; none for a folder that is not there. */
function namesIn(folder: string): readonly string[] {
  try {
    return fs().readdirSync(folder);
  } catch (cause) {
    const { code } = Object(cause) as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    // "there is none" could not be told from "there is one that says who we are"
    throw new ConfigurationError(
      "config-unreadable",
      `The folder ${folder} cannot be searched for a config (${code}).`,
      {
        remedy: "Let this program list it, name the config with AZIDENTITY_CONFIG, or look for none: `config: false`.",
        cause,
      },
    );
  }
}

/** The content of a package.json; `undefined` for one that is broken, which is npm's to report. */
export function readManifest(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = fs()
      .readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "");
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** What package.json says under our key. */
export function manifestConfig(file: string): unknown {
  return readManifest(file)?.azidentity;
}

const markerFields = ["type", "sideEffects", "main", "module", "browser", "types", "typings", "exports", "imports"];

/** Whether a package.json only says what kind of modules lie below it, as builds put one into `dist/esm`, and is no project's own. */
export function isScopeMarker(manifest: string): boolean {
  const fields = Object.keys(readManifest(manifest) ?? { name: "" });
  if (fields.some((field) => !markerFields.includes(field))) return false;
  return !fs().existsSync(paths().join(paths().dirname(manifest), "node_modules"));
}
