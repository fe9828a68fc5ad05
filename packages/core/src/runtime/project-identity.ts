import { copyConfig, type IdentityConfig } from "../config/define.ts";
import type { IdentityPlugin } from "../contract/services.ts";
import { type Identity, identityAt } from "./identity.ts";
import { refuseOldNode } from "./refuse-old-node.ts";
import type { ServiceOverrides } from "./services.ts";

/** The place of a tool that works with the identity of a project which is not its own. */
export interface ProjectIdentityOptions extends Pick<IdentityConfig, "tenantId" | "profile" | "cache" | "log"> {
  /** Full path of the config file; `undefined`: none. */
  readonly configFile: string | undefined;
  /**
   * The plugins beside the tool, by the name of their package: what a config names is taken from
   * here, and not from the project. All of them are loaded where a config names none.
   */
  readonly plugins: Readonly<Record<string, () => Promise<IdentityPlugin>>>;
  /** Full path. Relative paths in references start here where there is no config file. */
  readonly workingDirectory: string;
}

type Plugins = ProjectIdentityOptions["plugins"];

/** What finds plugins, with those of the tool in place of what has the same name in the project. */
async function filesWith(plugins: Plugins): Promise<typeof import("./files.ts")> {
  const files = await import("./files.ts");
  const beside = async (input: unknown) =>
    typeof input === "string" && Object.hasOwn(plugins, input) ? plugins[input]?.() : input;
  return {
    ...files,
    loadInstalledPlugins: () => Promise.all(Object.values(plugins).map((load) => load())),
    loadPlugins: async (inputs, ...more) => files.loadPlugins(await Promise.all(inputs.map(beside)), ...more),
  };
}

/**
 * Makes the identity of a project for a tool such as `azid`, whose own project it is not: the
 * config is the one that the tool has found, and official plugins are those of the tool. The tool
 * has to ask its user before it passes a config that is a program or names others (docs/azid.md).
 *
 * @throws {ConfigurationError} `node-too-old`
 */
export function createProjectIdentity(options: ProjectIdentityOptions, overrides: ServiceOverrides = {}): Identity {
  refuseOldNode();
  const { configFile, plugins, workingDirectory, ...given } = options;
  const folder =
    configFile === undefined ? workingDirectory : process.getBuiltinModule("node:path").dirname(configFile);
  return identityAt(
    {
      given: copyConfig(given),
      file: configFile,
      search: false,
      require: false,
      files: () => filesWith(plugins),
      firstUse: () => import("./first-use.ts"),
      findProgram: () => ({ folder, script: undefined }),
      workingDirectory,
    },
    overrides,
  );
}
