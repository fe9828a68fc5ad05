import type { AnyProvider, AnySource, IdentityPlugin } from "../contract/plugin.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";

/** The sources and services of all plugins of one identity. */
export interface Registry {
  readonly sources: readonly AnySource[];
  readonly services: readonly AnyProvider[];
  /**
   * The source of this name. `path`: the config path that names it.
   *
   * @throws {ConfigurationError} `unknown-source`
   */
  source(name: string, path?: string): AnySource;
  /**
   * The same for a caller that names a source outside of any chain: in mode `production`, this also
   * finds interactive sources that never prompt.
   *
   * @throws {ConfigurationError} `unknown-source`
   */
  sourceForCaller(name: string, path?: string): AnySource;
  /**
   * A source by name, even one that the mode excludes; `undefined` when no plugin has it. For
   * checks of options, not for use.
   */
  known(name: string): AnySource | undefined;
}

/** Official plugins by source, to name the package that is missing. */
const packages: Readonly<Record<string, string>> = {
  environment: "plugin-entra",
  "client-secret": "plugin-entra",
  "client-certificate": "plugin-entra",
  "client-assertion": "plugin-entra",
  federated: "plugin-entra",
  "azure-pipelines": "plugin-entra",
  "github-actions": "plugin-entra",
  "on-behalf-of": "plugin-entra",
  "authorization-code": "plugin-users",
  "device-code": "plugin-users",
  "interactive-browser": "plugin-users",
  "username-password": "plugin-users",
  "workload-identity": "plugin-managed-identity",
  "managed-identity": "plugin-managed-identity",
  "azure-cli": "plugin-dev-tools",
  "azure-powershell": "plugin-dev-tools",
  "azure-developer-cli": "plugin-dev-tools",
  broker: "plugin-broker",
  "visual-studio-code": "plugin-broker",
};

function unknownSource(name: string, known: readonly string[], path: string | undefined): ConfigurationError {
  const home = Object.hasOwn(packages, name) ? packages[name] : undefined;
  const remedy =
    home === undefined
      ? didYouMean(name, known)
      : `It is in @azidentity/${home}: install that and add it to \`plugins\`, in a version that has it.`;
  const where = path === undefined ? "" : ` (${path})`;
  return new ConfigurationError("unknown-source", `No plugin has a source "${name}"${where}.`, { path, remedy });
}

function notInMode({ name, kind }: AnySource, path: string | undefined): ConfigurationError {
  return new ConfigurationError("unknown-source", `Mode "production" does not load "${name}", whose kind is ${kind}.`, {
    path,
    remedy: "Remove it, or set another mode, for example in a profile.",
  });
}

/**
 * Combines the plugins. Two sources of one name are refused, so that no plugin can replace the
 * source of another. Mode `production` has deployed sources only, except for callers that name one.
 *
 * @throws {ConfigurationError} `duplicate-source`
 */
export function createRegistry(plugins: readonly IdentityPlugin[], mode?: string): Registry {
  const loads = (source: AnySource) => mode !== "production" || source.kind === "deployed";
  const owners = new Map<string, { source: AnySource; plugin: string }>();
  for (const plugin of plugins) {
    for (const source of plugin.sources ?? []) {
      const other = owners.get(source.name);
      if (other !== undefined) {
        throw new ConfigurationError(
          "duplicate-source",
          `${plugin.name} and ${other.plugin} both have a source "${source.name}".`,
          {
            remedy: "Load only one of them.",
          },
        );
      }
      owners.set(source.name, { source, plugin: plugin.name });
    }
  }
  const named = (name: string, path: string | undefined, may: (source: AnySource) => boolean): AnySource => {
    const owner = owners.get(name);
    if (owner === undefined) throw unknownSource(name, [...owners.keys()], path);
    if (!may(owner.source)) throw notInMode(owner.source, path);
    return owner.source;
  };
  return {
    sources: [...owners.values()].map((owner) => owner.source).filter(loads),
    services: plugins.flatMap((plugin) => plugin.services ?? []),
    source: (name, path) => named(name, path, loads),
    sourceForCaller: (name, path) =>
      named(name, path, (source) => loads(source) || (source.kind === "interactive" && source.neverPrompts === true)),
    known: (name) => owners.get(name)?.source,
  };
}
