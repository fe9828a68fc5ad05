import { cacheSettings } from "./config/layers.ts";
import type { ResolvedConfig } from "./config/resolve-settings.ts";
import type { Container } from "./container/container.ts";
import type { SourceContext } from "./contract/context.ts";
import { ConfigurationError } from "./contract/errors.ts";
import type { AnyProvider } from "./contract/plugin.ts";
import { services } from "./contract/services.ts";
import { didYouMean, nearest } from "./contract/suggest.ts";
import type { ServiceOverrides } from "./provide-services.ts";
import type { SourceSettings } from "./source-settings.ts";
import { checkOptions } from "./sources/check-options.ts";

const storeMissing =
  "Install a plugin with a store, such as @azidentity/plugin-cache-persist, and add it to `plugins`.";

/** The one provider of a service: the only one, or the one that the config chose. */
function chooseProvider(
  token: symbol,
  providers: readonly AnyProvider[],
  config: ResolvedConfig,
): AnyProvider | undefined {
  const [first, ...others] = providers;
  const chosen = token === services.tokenStore ? config.cache?.store : undefined;
  const names = providers.map((provider) => provider.name);
  if (chosen === false) return undefined;
  if (chosen !== undefined) {
    const found = providers.find((provider) => provider.name === chosen);
    if (found !== undefined) return found;
    throw new ConfigurationError("unknown-store", `No plugin brings a store "${chosen}".`, {
      path: "cache.store",
      remedy: names.length > 0 ? didYouMean(String(chosen), names) : storeMissing,
    });
  }
  if (others.length === 0) return first;
  if (token !== services.tokenStore)
    throw new ConfigurationError("several-services", `The plugins bring one service twice: ${names.join(", ")}.`, {
      path: "plugins",
      remedy: "Load one plugin of these only.",
    });
  throw new ConfigurationError("several-services", `There are several token stores: ${names.join(", ")}.`, {
    path: "cache.store",
    remedy: `Choose one with \`cache: { store: "${first?.name}" }\`, or none with \`store: false\`.`,
  });
}

/** What `cache` holds besides the core's own settings: options of the store. */
function storeOptions({ cache }: ResolvedConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(cache ?? {}).filter(([key]) => !cacheSettings.includes(key)));
}

function refuseOptionsOfNoStore(config: ResolvedConfig): void {
  const [key] = Object.keys(storeOptions(config));
  if (key === undefined) return;
  throw new ConfigurationError("unknown-option", `There is no store that takes the option "${key}" of \`cache\`.`, {
    path: `cache.${key}`,
    remedy: nearest(key, cacheSettings) === undefined ? storeMissing : didYouMean(key, cacheSettings),
  });
}

/** Adds what the plugins bring, with the options that the config has for it, checked. What the caller lends stays. */
export function provideFromPlugins(
  container: Container,
  providers: readonly AnyProvider[],
  config: ResolvedConfig,
  context: () => SourceContext,
  { settings, lent }: { readonly settings: SourceSettings; readonly lent: ServiceOverrides },
): void {
  const groups = Map.groupBy(providers, (provider) => provider.token);
  if (config.cache?.store !== undefined && config.cache.store !== false && !groups.has(services.tokenStore))
    groups.set(services.tokenStore, []);
  if (!groups.has(services.tokenStore) && config.cache?.store !== false) refuseOptionsOfNoStore(config);
  const callers = (["http", "commands", "clock", "logger"] as const).filter((name) => lent[name] !== undefined);
  for (const [token, group] of groups) {
    const provider = chooseProvider(token, group, config);
    if (provider === undefined || callers.some((name) => services[name] === token)) continue;
    const isStore = token === services.tokenStore;
    const path = isStore ? "cache" : provider.name;
    const given = isStore ? storeOptions(config) : {};
    settings.checkService(provider, given, path);
    container.provide(token, () =>
      provider.create(checkOptions(provider, settings.resolveService(provider, given, path), path), context()),
    );
  }
}
