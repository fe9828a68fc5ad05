import { cacheSettings } from "./config/layers.ts";
import type { ReadConfig } from "./config/read.ts";
import { resolveReferences } from "./config/references.ts";
import type { ResolvedConfig } from "./config/resolve-settings.ts";
import { type Container, createContainer } from "./container/container.ts";
import type { SourceContext } from "./contract/context.ts";
import { ConfigurationError } from "./contract/errors.ts";
import type { AnyProvider } from "./contract/plugin.ts";
import { type Clock, type Commands, type Http, type Logger, services } from "./contract/services.ts";
import { didYouMean, nearest } from "./contract/suggest.ts";
import { createClock } from "./services/clock.ts";
import { createCommands } from "./services/commands.ts";
import { createHttp } from "./services/http.ts";
import { createLogger, type LoggerSettings, parseLogLevel, stderrSink } from "./services/logger.ts";
import type { SourceSettings } from "./source-settings.ts";
import { checkOptions } from "./sources/check-options.ts";

/** Services given by the caller, who also disposes them. */
export interface ServiceOverrides {
  readonly http?: Http;
  readonly commands?: Commands;
  readonly clock?: Clock;
  /** Gets what is at or above the configured level, redacted. */
  readonly logger?: Logger;
  /** Default: `process.env` as it is at first use. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
}

function loggerSettings({ log, mode }: ResolvedConfig): LoggerSettings {
  if (log?.enableUnsafeSupportLogging === true && mode === "production") {
    throw new ConfigurationError("unsafe-logging", 'Mode "production" refuses `log.enableUnsafeSupportLogging`.', {
      path: "log.enableUnsafeSupportLogging",
      remedy: "Take it away; the debug level shows exchanges without their secrets.",
    });
  }
  return { accounts: log?.allowLoggingAccountIdentifiers, unsafe: log?.enableUnsafeSupportLogging };
}

/** The container of one identity with the core's own services in it, or those that the caller lends. */
export function provideServices(
  read: ReadConfig,
  env: Readonly<Record<string, string>>,
  overrides: ServiceOverrides,
): Container {
  const { config } = read;
  const container = createContainer();
  const level = config.log?.level ?? parseLogLevel(env.AZURE_LOG_LEVEL);
  container.provide(services.logger, () =>
    createLogger(overrides.logger ?? stderrSink(), level, loggerSettings(config)),
  );
  if (overrides.clock === undefined) container.provide(services.clock, createClock);
  else container.lend(services.clock, overrides.clock);
  if (overrides.commands === undefined) container.provide(services.commands, () => createCommands(env));
  else container.lend(services.commands, overrides.commands);
  if (overrides.http !== undefined) container.lend(services.http, overrides.http);
  else {
    const { caFile } = config.http ?? {};
    const ca =
      caFile === undefined
        ? undefined
        : (resolveReferences({ file: caFile }, { env, folder: read.folder }, "http.caFile") as string);
    container.provide(services.http, () => createHttp({ env, ca }));
  }
  return container;
}

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
      provider.create(checkOptions(provider, settings.resolveOptions(given, path), path), context()),
    );
  }
}

/** A service that the core itself provides. */
export async function required<T>(container: Container, token: symbol & { readonly __service?: T }): Promise<T> {
  const service = await container.get<T>(token);
  if (service === undefined) throw new TypeError(`${String(token.description)} is missing from the container`);
  return service;
}
