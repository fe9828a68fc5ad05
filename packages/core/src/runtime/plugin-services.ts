import { cacheSettings } from "../config/layers.ts";
import type { ResolvedConfig } from "../config/references.ts";
import type { SourceOptionsResolver } from "../config/source-options.ts";
import type { Container } from "../container/container.ts";
import type { ServiceToken, SourceContext } from "../contract/context.ts";
import { type AnyProvider, missingMethod, services, storeSteps } from "../contract/services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { checkOptions } from "../options/check-options.ts";
import { reportPlugin } from "../plugins/check.ts";
import { didYouMean, nearest } from "../util/suggest.ts";

const storeMissing =
  "Install a plugin with a store, such as @azidentity/plugin-cache-persist, and add it to `plugins`.";

const namesOf = (providers: readonly AnyProvider[]) => providers.map((provider) => provider.name);

/** The one provider of a service that sources cannot do without. */
export function onlyProvider(all: readonly AnyProvider[]): AnyProvider | undefined {
  const providers = all.filter(({ isFallback }) => isFallback !== true);
  const [first = all[0], ...others] = providers;
  if (others.length === 0) return first;
  const names = namesOf(providers).join(", ");
  throw new ConfigurationError("several-services", `Several plugins provide the same service: ${names}.`, {
    path: "plugins",
    remedy: "Load only one of these plugins.",
  });
}

/** The options of the store: the members of `cache` that are not settings of core. */
function storeOptions({ cache }: ResolvedConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(cache ?? {}).filter(([key]) => !cacheSettings.includes(key)));
}

function refuseOptionsOfNoStore(config: ResolvedConfig, stores: readonly string[]): void {
  const [key] = Object.keys(storeOptions(config));
  if (key === undefined) return;
  const choice = stores.map((name) => `\`cache: { store: "${name}" }\``).join(" or ");
  const chooseOne = stores.length === 0 ? storeMissing : `Choose a store: ${choice}.`;
  throw new ConfigurationError("unknown-option", `No store has the option "${key}" of \`cache\`.`, {
    path: `cache.${key}`,
    remedy: nearest(key, cacheSettings) === undefined ? chooseOne : didYouMean(key, cacheSettings),
  });
}

/**
 * The store that the config names. Without a name there is none: a store that is installed, perhaps
 * by a package of others, is not chosen.
 */
function chosenStore(providers: readonly AnyProvider[], config: ResolvedConfig): AnyProvider | undefined {
  const { store } = config.cache ?? {};
  if (store === false) return undefined;
  const names = namesOf(providers);
  if (store === undefined) {
    refuseOptionsOfNoStore(config, names);
    return undefined;
  }
  const found = providers.find((provider) => provider.name === store);
  if (found !== undefined) return found;
  throw new ConfigurationError("unknown-store", `No plugin provides a store "${store}".`, {
    path: "cache.store",
    remedy: names.length > 0 ? didYouMean(store, names) : storeMissing,
  });
}

/** Returns the service of a plugin; throws if it lacks a method. */
function checkService({ name, token }: AnyProvider, service: unknown): unknown {
  const kind = Object.entries(services).find(([, one]) => one === token)?.[0];
  const method = kind === undefined ? undefined : missingMethod(kind, service);
  if (method === undefined) return service;
  throw new ConfigurationError("invalid-plugin", `The service "${name}" of a plugin has no method ${method}().`, {
    remedy: reportPlugin,
  });
}

/** The services of the loaded plugins, and what they are created with. */
export interface PluginServices {
  readonly providers: readonly AnyProvider[];
  readonly config: ResolvedConfig;
  /** The context when a service is created, which may be later. */
  readonly context: () => SourceContext;
  /** Reads the options of services. */
  readonly settings: SourceOptionsResolver;
  /** Services that take precedence over those of plugins. */
  readonly given: readonly ServiceToken<unknown>[];
}

/** Provides the services of plugins with the options of the config, which are checked. */
export function provideFromPlugins(container: Container, from: PluginServices): void {
  const { providers, config, context, settings, given: taken } = from;
  const groups = Map.groupBy(providers, (provider) => provider.token);
  const stores = groups.get(services.tokenStore) ?? [];
  for (const [token, group] of groups.set(services.tokenStore, stores)) {
    const isStore = token === services.tokenStore;
    const provider = isStore ? chosenStore(group, config) : onlyProvider(group);
    if (provider === undefined || taken.includes(token)) continue;
    const path = isStore ? "cache" : provider.name;
    const given = isStore ? storeOptions(config) : {};
    settings.checkService(provider, given, path);
    const create = () =>
      provider.create(checkOptions(provider, settings.resolveService(provider, given, path), path), context());
    container.provide(token, async () => checkService(provider, await create()));
    if (isStore) container.registerInstance(storeSteps, Object(provider)[storeSteps]);
  }
}
