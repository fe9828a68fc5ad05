import type { AnyProvider, AnySource, IdentityPlugin } from "../contract/plugin.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { didYouMean } from "../util/suggest.ts";

/** Everything the plugins of one identity bring, by name. */
export interface Registry {
  readonly sources: readonly AnySource[];
  readonly services: readonly AnyProvider[];
  /** The source of that name; an error that says what there is, otherwise. `path`: where in the config it was named. */
  source(name: string, path?: string): AnySource;
  /** The same for a caller who names it outside of any chain: in mode `production`, too, one in which nobody is asked to sign in. */
  sourceForCaller(name: string, path?: string): AnySource;
  /** A source by name, one that the mode does not load included; `undefined` when no plugin brings it. To check options, not to use. */
  known(name: string): AnySource | undefined;
}

/** Names of our own plugins by source, to name the package that is missing. */
const packages: Readonly<Record<string, string>> = {
  environment: "plugin-entra",
  "client-secret": "plugin-entra",
  "client-certificate": "plugin-entra",
  "client-assertion": "plugin-entra",
  federated: "plugin-entra",
  "azure-pipelines": "plugin-entra",
  "github-actions": "plugin-entra",
  "on-behalf-of": "plugin-entra",
  "authorization-code": "plugin-entra",
  "device-code": "plugin-entra",
  "interactive-browser": "plugin-entra",
  "username-password": "plugin-entra",
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
  return new ConfigurationError("unknown-source", `No plugin brings a source "${name}"${where}.`, { path, remedy });
}

function notInMode({ name, kind }: AnySource, path: string | undefined): ConfigurationError {
  return new ConfigurationError("unknown-source", `Mode "production" does not load "${name}", whose kind is ${kind}.`, {
    path,
    remedy: "Do without it, or set another mode, for example in a profile.",
  });
}

/** Puts the plugins together. Two sources of one name are refused: nobody replaces another's source by loading later. Mode `production` has deployed sources only, but for a caller who names one. */
export function createRegistry(plugins: readonly IdentityPlugin[], mode?: string): Registry {
  const loads = (source: AnySource) => mode !== "production" || source.kind === "deployed";
  const owners = new Map<string, { source: AnySource; plugin: string }>();
  for (const plugin of plugins) {
    for (const source of plugin.sources ?? []) {
      const other = owners.get(source.name);
      if (other !== undefined) {
        throw new ConfigurationError(
          "duplicate-source",
          `${plugin.name} and ${other.plugin} both bring a source "${source.name}".`,
          {
            remedy: "Load one of them.",
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
