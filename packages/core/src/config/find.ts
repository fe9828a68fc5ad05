import { ConfigurationError } from "../contract/errors.ts";

const extensions = ["ts", "mts", "js", "mjs", "cjs", "json", "yaml", "yml"];
/** In the order in which they win. */
export const configNames: readonly string[] = [
  ...extensions.map((extension) => `azidentity.config.${extension}`),
  ".azidentityrc",
  ...extensions.map((extension) => `.azidentityrc.${extension}`),
];

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/** The folder around the outermost node_modules that a path goes through. */
function holderOf(path: string): string | undefined {
  const { sep } = paths();
  const parts = path.split(sep);
  const inside = parts.indexOf("node_modules");
  return inside > 0 ? parts.slice(0, inside).join(sep) || sep : undefined;
}

/** The nearest folder at or above `start` that has a package.json. */
function nearestPackage(start: string): string | undefined {
  const { dirname, join } = paths();
  for (let folder = start; ; folder = dirname(folder)) {
    if (fs().existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The folder whose config counts: the project that owns the running program, so that a tool started in somebody else's checkout does not
 * run that checkout's config. For a program inside node_modules that is who holds it, as the path says by which it was started: package
 * managers link it there from a store. Without an entry script (a REPL, `node -e`): the working directory.
 */
export function searchFolder(entryScript: string | undefined, workingDirectory: string): string {
  if (entryScript === undefined) return workingDirectory;
  try {
    // Node is also started with a folder, or with a file whose ending is left out
    const { createRequire } = process.getBuiltinModule("node:module");
    const script = createRequire(entryScript).resolve(entryScript);
    const folder = paths().dirname(script);
    return nearestPackage(holderOf(paths().normalize(entryScript)) ?? holderOf(script) ?? folder) ?? folder;
  } catch {
    return workingDirectory; // the entry is not a file
  }
}

type Started = Pick<NodeJS.Process, "argv" | "execArgv"> & {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly defaultApp?: boolean;
  readonly resourcesPath?: string;
};

/** The program's own file. What stands in its place without one is the user's: a document to open, an argument of `node -e`. */
export function entryScript(started: Started): string | undefined {
  const { argv, execArgv, versions, defaultApp, resourcesPath } = started;
  if (versions.electron !== undefined && defaultApp !== true) {
    const apps = ["app.asar", "app"].map((name) => paths().join(resourcesPath ?? "", name));
    return resourcesPath === undefined ? undefined : apps.find((app) => fs().existsSync(app));
  }
  return execArgv.some((flag) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(flag)) ? undefined : argv[1];
}

/** The config file of a project folder: its first by `configNames`, else a package.json with our key, else none. */
export function findConfigFile(folder: string): string | undefined {
  const { join } = paths();
  const names = namesIn(folder);
  const name = configNames.find((one) => names.includes(one));
  if (name !== undefined) return join(folder, name);
  const manifest = join(folder, "package.json");
  return names.includes("package.json") && manifestConfig(manifest) !== undefined ? manifest : undefined;
}

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

/** What package.json says under our key. */
export function manifestConfig(file: string): unknown {
  try {
    const text = fs()
      .readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "");
    return (JSON.parse(text) as { azidentity?: unknown }).azidentity;
  } catch {
    return undefined; // a broken package.json is npm's to report
  }
}
