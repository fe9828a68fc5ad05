import { copyConfig, type IdentityConfig } from "../config/define.ts";
import { entryScript, findProgram } from "../config/program.ts";
import type { PluginInput } from "../config/source-types.ts";
import { wrongArgument } from "../options/check-named.ts";
import { isJsonObject } from "../util/json.ts";
import { singleExecutable } from "../util/single-executable.ts";
import type { StartPlace } from "./load-runtime.ts";

/** A config, and where else to look for one. */
export interface IdentityOptions<P extends readonly PluginInput[] = readonly PluginInput[]> extends IdentityConfig<P> {
  /**
   * The config file to use. Its absence is an error. Default: AZIDENTITY_CONFIG, else the project
   * that owns the program.
   */
  readonly configFile?: string;
  /** `false`: look for no config file. */
  readonly config?: false;
  /** Refuse to work without a config file. Default `false`. */
  readonly requireConfig?: boolean;
  /**
   * What holds where neither code nor variables nor the config file say anything, for libraries and
   * tools that their users may configure. Its plugins are there besides those of the config, of
   * which one with the same name takes the place of its own. They have no profiles. Default: none.
   */
  readonly defaults?: Omit<IdentityConfig, "profiles" | "profile">;
}

/**
 * Where the config of these options may come from.
 *
 * @param loads what is loaded on first use. Each entry point has its own, because a bundler that
 * finds an `import()` in a file keeps its target, used or not.
 */
export function startPlaceOf(options: IdentityOptions, loads: Pick<StartPlace, "files" | "firstUse">): StartPlace {
  if (typeof options !== "object" || options === null) {
    throw wrongArgument("createIdentity takes an object.", "See IdentityOptions.");
  }
  const { configFile, config, requireConfig, defaults = {}, ...given } = options;
  if (config !== undefined && config !== false)
    throw wrongArgument("`config` can only be false.", "Give the config's fields themselves.");
  if (configFile !== undefined && (typeof configFile !== "string" || configFile === ""))
    throw wrongArgument("`configFile` is not a path.", "Make one of a URL with `fileURLToPath`.");
  if (!isJsonObject(defaults)) throw wrongArgument("`defaults` is not an object.", "See IdentityConfig.");
  if (configFile !== undefined && config === false)
    throw wrongArgument("`configFile` names a config, and `config: false` wants none.", "Take one of them away.");
  const script = entryScript(process);
  const workingDirectory = process.cwd();
  return {
    given: copyConfig(given),
    defaults: copyConfig(defaults as IdentityConfig),
    file: configFile,
    search: config !== false,
    require: requireConfig === true,
    ...loads,
    findProgram: () => findProgram(singleExecutable(process) ?? script, workingDirectory),
    workingDirectory,
  };
}
