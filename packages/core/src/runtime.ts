import { createBudget } from "./cache/budget.ts";
import type { Chain } from "./chain/chain.ts";
import { resolveCloud } from "./config/clouds.ts";
import type { IdentityConfig } from "./config/define.ts";
import { type ConfigPlace, type ReadConfig, readConfig } from "./config/read.ts";
import type { Container } from "./container/container.ts";
import type { SourceContext } from "./contract/context.ts";
import type { AnySource } from "./contract/plugin.ts";
import { type Clock, type ServiceToken, services } from "./contract/services.ts";
import { createLinks, type Links } from "./links.ts";
import { loadInstalledPlugins, loadPlugins } from "./plugins/load.ts";
import { createRegistry, type Registry } from "./plugins/registry.ts";
import { provideFromPlugins, provideServices, required, type ServiceOverrides } from "./provide-services.ts";
import { readEnvironment } from "./services/environment.ts";
import { createEvents } from "./services/events.ts";
import { logHttp } from "./services/log-http.ts";
import { createRetry } from "./services/retry.ts";
import { createSourceSettings } from "./source-settings.ts";

/** Bounds of all tokens in the memory of one identity, unless the config has others. */
const memoryLimits = { maxEntries: 100_000, maxBytes: 64 * 1_048_576 };

/** Everything of one identity that exists once its config and plugins are loaded. */
export interface Runtime {
  readonly clock: Clock;
  readonly defaultChain: Chain;
  readonly links: Links;
  close(reason: Error): Promise<void>;
}

async function loadRegistry({ config, folder }: ReadConfig): Promise<Registry> {
  const plugins =
    config.plugins === undefined ? await loadInstalledPlugins(folder) : await loadPlugins(config.plugins, folder);
  const deployed = (sources: readonly AnySource[] = []) => sources.filter((source) => source.kind === "deployed");
  const allowed =
    config.mode === "production" ? plugins.map((one) => ({ ...one, sources: deployed(one.sources) })) : plugins;
  return createRegistry(allowed);
}

function tenantsOf(config: IdentityConfig, env: SourceContext["env"]): SourceContext["defaults"] {
  const listed = env.AZURE_ADDITIONALLY_ALLOWED_TENANTS?.split(";").map((tenant) => tenant.trim()) ?? [];
  return Object.freeze({
    tenantId: config.tenantId ?? env.AZURE_TENANT_ID,
    additionallyAllowedTenants: config.additionallyAllowedTenants ?? listed.filter((tenant) => tenant !== ""),
  });
}

async function createContext(
  container: Container,
  config: IdentityConfig,
  env: SourceContext["env"],
  retry: SourceContext["retry"],
) {
  const clock = await required(container, services.clock);
  const log = await required(container, services.logger);
  return Object.freeze({
    env,
    http: logHttp(await required(container, services.http), log, clock),
    commands: await required(container, services.commands),
    clock,
    log,
    cloud: resolveCloud(config, env),
    defaults: tenantsOf(config, env),
    retry,
    service: <T>(token: ServiceToken<T>) => container.get(token),
  });
}

/** Loads config and plugins, and wires everything of one identity. */
export async function loadRuntime(place: ConfigPlace, overrides: ServiceOverrides): Promise<Runtime> {
  const live = overrides.env ?? process.env;
  const env = readEnvironment(live);
  const read = await readConfig(place, env);
  const registry = await loadRegistry(read);
  const sources = createSourceSettings(read, { env: live, folder: read.folder });
  sources.check(registry);
  const container = await provideServices(read.config, env, overrides, read.folder);
  const clock = await required(container, services.clock);
  const random = overrides.random ?? Math.random;
  const deadlines = new WeakMap<AbortSignal, number>();
  const retry = createRetry(clock, random, (signal) => deadlines.get(signal) ?? Number.POSITIVE_INFINITY);
  const context = await createContext(container, read.config, env, retry);
  provideFromPlugins(container, registry.services, read.config, context, sources.resolve);
  if (read.warning !== undefined) context.log.warn(read.warning);
  const { maxEntries = memoryLimits.maxEntries, maxBytes = memoryLimits.maxBytes } = read.config.cache ?? {};
  const links = createLinks({
    read,
    registry,
    context,
    random,
    budget: createBudget({ maxEntries, maxBytes }, () => clock.now()),
    sources,
    events: createEvents(),
    store: container.has(services.tokenStore) ? () => container.get(services.tokenStore) : undefined,
    setDeadline: (signal, mono) => deadlines.set(signal, mono),
  });
  return {
    clock,
    links,
    defaultChain: links.defaultChain(),
    async close(reason) {
      await links.close(reason);
      await container[Symbol.asyncDispose]();
    },
  };
}
