import { createBudget } from "./cache/budget.ts";
import { hearRefusals } from "./cache/hear-refusals.ts";
import { type Chains, createChains } from "./chains.ts";
import type { ImportModule } from "./config/load-file.ts";
import { namingFile } from "./config/name-file.ts";
import { type ConfigPlace, type ReadConfig, readConfig } from "./config/read.ts";
import type { SourceContext } from "./contract/context.ts";
import { services } from "./contract/services.ts";
import { createLinks, type Links } from "./links.ts";
import { createImportModule, inTime } from "./load-deadline.ts";
import { loadInstalledPlugins, loadPlugins } from "./plugins/load.ts";
import { createRegistry, type Registry } from "./plugins/registry.ts";
import { provideFromPlugins } from "./provide-from-plugins.ts";
import { provideServices, type ServiceOverrides } from "./provide-services.ts";
import { createClock } from "./services/clock.ts";
import { readEnvironment } from "./services/environment.ts";
import { createEvents } from "./services/events.ts";
import { createContext } from "./source-context.ts";
import { createSourceSettings } from "./source-settings.ts";
import { createStoreHealth, type StoreHealth } from "./store-health.ts";
import { createTellWalk } from "./tell-walk.ts";

/** Bounds of all tokens in the memory of one identity, unless the config has others. */
const memoryLimits = { maxEntries: 100_000, maxBytes: 64 * 1_048_576 };

/** Everything of one identity that exists once its config and plugins are loaded. */
export interface Runtime {
  readonly links: Links;
  readonly chains: Chains;
  /** `undefined`: tokens live in memory alone. */
  readonly store: StoreHealth | undefined;
  close(reason: Error): Promise<void>;
}

async function loadRegistry(read: ReadConfig, importModule: ImportModule): Promise<Registry> {
  const { config } = read;
  const plugins =
    config.plugins === undefined
      ? await loadInstalledPlugins(read.pluginFolder, importModule)
      : await loadPlugins(config.plugins, () => read.pluginFolder, importModule);
  return createRegistry(plugins, config.mode);
}

/** Loads config and plugins, and wires everything of one identity; ends with the signal. */
export async function loadRuntime(
  place: ConfigPlace,
  overrides: ServiceOverrides,
  signal: AbortSignal,
): Promise<Runtime> {
  const live = overrides.env ?? process.env;
  const env = readEnvironment(live);
  const importModule = createImportModule(overrides.clock ?? createClock(), signal);
  const read = await readConfig(place, env, importModule);
  return namingFile(read, () => wire(read, env, { live, overrides, importModule, signal }));
}

interface Outside {
  readonly live: SourceContext["env"];
  readonly overrides: ServiceOverrides;
  readonly importModule: ImportModule;
  readonly signal: AbortSignal;
}

async function wire(read: ReadConfig, env: ReturnType<typeof readEnvironment>, outside: Outside): Promise<Runtime> {
  const { config } = read;
  const { overrides, signal } = outside;
  const registry = await loadRegistry(read, outside.importModule);
  const sources = createSourceSettings(read, outside.live);
  sources.check(registry);
  const container = provideServices(read, env, overrides);
  const random = overrides.random ?? Math.random;
  const deadlines = new WeakMap<AbortSignal, number>();
  const contextNow = () =>
    createContext({ container, config, env, random, deadlineOf: (signal) => deadlines.get(signal) });
  // a plugin may replace what sources are given; what it needs for that is the core's own
  const own = await contextNow();
  let context = own;
  provideFromPlugins(container, registry.services, config, () => context, { settings: sources, lent: overrides });
  context =
    registry.services.length === 0 ? own : await inTime(own.clock, contextNow(), "A service of a plugin", { signal });
  const { clock } = context;
  if (read.warning !== undefined) context.log.warn(read.warning);
  const { maxEntries = memoryLimits.maxEntries, maxBytes = memoryLimits.maxBytes } = config.cache ?? {};
  const events = createEvents();
  const openStore = hearRefusals(
    () => container.get(services.tokenStore),
    (stored) => links.forgetStored(stored),
  );
  const store = container.has(services.tokenStore)
    ? createStoreHealth(openStore, { clock, log: context.log, events })
    : undefined;
  const links = createLinks({
    config,
    registry,
    context,
    random,
    budget: createBudget({ maxEntries, maxBytes }, () => clock.now()),
    sources,
    events,
    store,
    setDeadline: (signal, mono) => deadlines.set(signal, mono),
  });
  const onWalk = createTellWalk(context.log, events);
  return {
    links,
    chains: createChains({ read, registry, context, links, onWalk }),
    store,
    async close(reason) {
      await links.close(reason);
      await container[Symbol.asyncDispose]();
    },
  };
}
