import { ConfigurationError } from "../contract/errors.ts";
import { redact } from "../contract/redact.ts";

const extensions = ["ts", "mts", "js", "mjs", "cjs", "json", "yaml", "yml"];
/** In the order in which they win. */
export const configNames: readonly string[] = [
  ...extensions.map((extension) => `azidentity.config.${extension}`),
  ".azidentityrc",
  ...extensions.map((extension) => `.azidentityrc.${extension}`),
];

export interface FoundConfig {
  /** Absolute path. */
  readonly file: string;
  readonly value: unknown;
}

const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/** The nearest folder at or above `start` that has a package.json; for a program inside node_modules, the folder that holds it. */
function owningProject(start: string): string {
  const { dirname, join, sep } = paths();
  const inside = start.split(sep).indexOf("node_modules");
  let folder = inside > 0 ? start.split(sep).slice(0, inside).join(sep) || sep : start;
  for (;;) {
    if (fs().existsSync(join(folder, "package.json"))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return start;
    folder = parent;
  }
}

/**
 * The folder whose config counts: the project that owns the running program, so that a tool started in somebody else's checkout does not
 * run that checkout's config. Without an entry script (a REPL, `node -e`): the working directory.
 */
export function searchFolder(entryScript: string | undefined, workingDirectory: string): string {
  if (entryScript === undefined) return workingDirectory;
  try {
    // Node is also started with a folder, or with a file whose ending is left out
    const { createRequire } = process.getBuiltinModule("node:module");
    return owningProject(paths().dirname(createRequire(entryScript).resolve(entryScript)));
  } catch {
    return workingDirectory; // the entry is not a file
  }
}

/** One line of a parser's message, without the piece of the file that it quotes. */
function whyMalformed(message: unknown): string {
  const [first = "", second] = String(message).split("\n");
  const line = second !== undefined && first.endsWith(":") ? second : first;
  return redact(line.replace(/, (?:\.{3})?".*is not valid JSON$/, " is not valid JSON"), 256);
}

function unreadable(file: string, cause: unknown): ConfigurationError {
  const { code, message } = Object(cause) as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    const remedy = "Check `configFile` and AZIDENTITY_CONFIG.";
    return new ConfigurationError("config-not-found", `There is no config file ${file}.`, { file, remedy, cause });
  }
  if (code === "EACCES" || code === "EISDIR") {
    return new ConfigurationError("config-unreadable", `The config file ${file} cannot be read (${code}).`, {
      file,
      cause,
    });
  }
  const ending = /\.([tj]s)$/.exec(file)?.[1];
  if (ending !== undefined && /Unexpected token 'export'|Cannot use import statement/.test(message)) {
    const remedy = `Rename it to .m${ending}: its package is CommonJS, where a .${ending} file cannot use \`import\` and \`export default\`.`;
    return new ConfigurationError(
      "config-module-kind",
      `The config file ${file} is an ES module in a CommonJS package.`,
      {
        file,
        remedy,
        cause,
      },
    );
  }
  // the error of a JSON or YAML parser quotes the file, which may hold secrets
  const isData = /(json|ya?ml|rc)$/.test(file);
  return new ConfigurationError(
    "config-malformed",
    `The config file ${file} cannot be loaded: ${whyMalformed(message)}`,
    {
      file,
      cause: isData ? undefined : cause,
    },
  );
}

/** `default` alone is what some bundlers make of the exports of a CommonJS file. */
async function loadCosmiconfig() {
  type Shim = { readonly cosmiconfig?: typeof import("cosmiconfig").cosmiconfig; readonly default?: Shim };
  const shim: Shim = await import("./require-cosmiconfig.cts");
  const cosmiconfig = shim.cosmiconfig ?? shim.default?.cosmiconfig;
  if (cosmiconfig === undefined) throw new TypeError("cosmiconfig exports nothing");
  return cosmiconfig;
}

/** Loads one config file. cosmiconfig knows the formats; it is loaded only when there is a file. */
export async function loadConfigFile(file: string): Promise<FoundConfig> {
  try {
    fs().accessSync(file, fs().constants.R_OK);
    const cosmiconfig = await loadCosmiconfig();
    const explorer = cosmiconfig("azidentity", { searchStrategy: "none" });
    const result = await explorer.load(file);
    if (result === null || result.isEmpty === true || result.config === undefined) {
      throw new ConfigurationError("config-empty", `The config file ${file} is empty.`, {
        file,
        remedy: "Export a config from it (see `defineConfig`), or delete it.",
      });
    }
    return { file, value: result.config };
  } catch (error) {
    throw error instanceof ConfigurationError ? error : unreadable(file, error);
  }
}

/** The config of a project folder: its first file by `configNames`, else `package.json#azidentity`, else none. */
export async function findConfig(folder: string): Promise<FoundConfig | undefined> {
  const { join } = paths();
  let names: readonly string[];
  try {
    names = fs().readdirSync(folder);
  } catch {
    return undefined;
  }
  const name = configNames.find((one) => names.includes(one));
  if (name !== undefined) return loadConfigFile(join(folder, name));
  if (!names.includes("package.json")) return undefined;
  const file = join(folder, "package.json");
  const value = parseManifest(file);
  return value === undefined ? undefined : { file, value };
}

function parseManifest(file: string): unknown {
  try {
    return (JSON.parse(fs().readFileSync(file, "utf8")) as { azidentity?: unknown }).azidentity;
  } catch {
    return undefined; // a broken package.json is npm's to report
  }
}
