import { withinTime } from "../async/time-limit.ts";
import { createEvictionPolicy } from "../cache/eviction-policy.ts";
import { misspelledSetting } from "../config/from-environment.ts";
import { createImportModule, withinLoadTimeout } from "../config/import-module.ts";
import { type ConfigLocation, type LoadedConfig, loadConfig } from "../config/load-config.ts";
import type { Program } from "../config/program.ts";
import { createSourceOptionsResolver, timeoutVariable } from "../config/source-options.ts";
import { withConfigFile } from "../config/with-config-file.ts";
import type { Container } from "../container/container.ts";
import type { SourceContext } from "../contract/context.ts";
import { services } from "../contract/services.ts";
import { createLinks, type Links } from "../link/link-registry.ts";
import type { Deadline } from "../link/within-deadline.ts";
import { readEnvironment } from "../options/azure-variables.ts";
import { createClock } from "../services/clock.ts";
import { unknownLevel } from "../services/logger.ts";
import type { GuardedStore } from "../store/guarded-store.ts";
import type { IdentityStore, IdentityStoreSettings } from "../store/identity-store.ts";
import type { StoredToken } from "../store/store-key.ts";
import { type Chains, createChains } from "./chain-factory.ts";
import { createEvents, createWalkReport } from "./events.ts";
import { type LoadedRegistry, type LoadFiles, loadRegistry } from "./load-registry.ts";
import { provideFromPlugins } from "./plugin-services.ts";
import { provideServices, required, type ServiceOverrides } from "./services.ts";
import { createContext } from "./source-context.ts";

/**
 * How long sources, and then services, may take to end when an identity is closed, in milliseconds.
 */
const closeMs = 5_000;

/** Waits for cleanup work for a limited time; slower work continues in the background. */
async function endInTime({ clock, log }: SourceContext, what: string, work: PromiseLike<void>): Promise<void> {
  const late = () => new Error(`${what} had not ended ${closeMs / 1000} s after the identity was closed.`);
  try {
    await withinTime({ clock, ms: closeMs, late }, new AbortController().signal, async () => work);
  } catch (error) {
    log.warn((error as Error).message);
  }
}

/** Everything of one identity that exists once its config and plugins are loaded. */
export interface Runtime {
  readonly links: Links;
  readonly chains: Chains;
  /** `undefined`: tokens live in memory alone. */
  readonly store: GuardedStore | undefined;
  close(reason: Error): Promise<void>;
}

/** Where a config may come from, before the program is looked at. */
export interface StartPlace extends Omit<ConfigLocation, "program"> {
  findProgram(): Program;
  readonly files: LoadFiles;
}

/**
 * The program is looked for on first use: without a config file and names of plugins it is not
 * needed.
 */
function placeWithProgram(place: StartPlace): ConfigLocation {
  let program: Program | undefined;
  return {
    ...place,
    get program() {
      program ??= place.findProgram();
      return program;
    },
  };
}

/** Loads config and plugins, and wires everything of one identity; ends with the signal. */
export async function loadRuntime(
  place: StartPlace,
  overrides: ServiceOverrides,
  signal: AbortSignal,
): Promise<Runtime> {
  const live = overrides.env ?? process.env;
  const env = readEnvironment(live);
  const importModule = createImportModule(overrides.clock ?? createClock(), signal);
  const location = placeWithProgram(place);
  const read = await loadConfig(location, env, async () => (await place.files()).findConfig, importModule);
  const work = async () => {
    const loaded = await loadRegistry(read, location, place.files, importModule);
    return wire(read, env, loaded, { live, overrides, signal });
  };
  return withConfigFile(read, work);
}

/** The store of the config, if it names one; what uses it is not loaded otherwise. */
async function createStore(
  container: Container,
  settings: Omit<IdentityStoreSettings, "open">,
): Promise<IdentityStore | undefined> {
  if (!container.has(services.tokenStore)) return undefined;
  const { createIdentityStore } = await import("../store/identity-store.ts");
  return createIdentityStore({ ...settings, open: () => container.get(services.tokenStore) });
}

interface Outside {
  readonly live: SourceContext["env"];
  readonly overrides: ServiceOverrides;
  readonly signal: AbortSignal;
}

async function wire(
  read: LoadedConfig,
  env: ReturnType<typeof readEnvironment>,
  { registry, warnings }: LoadedRegistry,
  { live, overrides, signal }: Outside,
): Promise<Runtime> {
  const { config } = read;
  const sources = createSourceOptionsResolver(read, live);
  sources.check(registry);
  const container = provideServices(read, env, overrides);
  const random = overrides.random ?? Math.random;
  const deadlines = new WeakMap<AbortSignal, Deadline>();
  const contextNow = () =>
    createContext({ container, config, env, random, deadlineOf: (signal) => deadlines.get(signal) });
  // a plugin may replace services; to create them it gets those of core
  const own = await contextNow();
  let context = own;
  provideFromPlugins(container, {
    providers: registry.services,
    config,
    context: () => context,
    settings: sources,
    overrides,
  });
  context =
    registry.services.length === 0
      ? own
      : await withinLoadTimeout(own.clock, contextNow(), "A service of a plugin", { signal });
  const { clock } = context;
  const level = config.log?.level === undefined ? unknownLevel(env.AZURE_LOG_LEVEL) : undefined;
  const ofSources = registry.sources.map(({ name }) => timeoutVariable(name));
  const misspelled = misspelledSetting(env, ofSources);
  for (const warning of [...warnings, level, misspelled]) if (warning !== undefined) context.log.warn(warning);
  const events = createEvents();
  const onDeleted = (stored: StoredToken) => links.evict(stored);
  const store = await createStore(container, { clock, log: context.log, events, onDeleted });
  const links = createLinks({
    config,
    registry,
    context,
    sources,
    services: Object.freeze({
      transport: await required(container, services.http),
      eviction: createEvictionPolicy(config.cache ?? {}, () => clock.now()),
      random,
      setDeadline: (signal: AbortSignal, deadline: Deadline) => void deadlines.set(signal, deadline),
      store,
      events,
    }),
  });
  const onWalk = createWalkReport(context.log, events);
  return {
    links,
    chains: createChains({ read, registry, context, links, onWalk }),
    store: store?.guarded,
    async close(reason) {
      await endInTime(context, "The sources", links.close(reason));
      await endInTime(context, "The services of plugins", container[Symbol.asyncDispose]());
    },
  };
}
