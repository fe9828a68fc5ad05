import { createFreshness } from "../cache/freshness.ts";
import { misspelledSetting } from "../config/from-environment.ts";
import { withinLoadTimeout } from "../config/load-timeout.ts";
import { createSourceOptionsResolver, timeoutVariable } from "../config/source-options.ts";
import type { SourceContext } from "../contract/context.ts";
import { services } from "../contract/services.ts";
import type { Logger } from "../contract/system-services.ts";
import { createTextOf } from "../options/plain.ts";
import { unknownLevel } from "../services/logger.ts";
import type { Platform } from "../services/platform.ts";
import { assemble, type CommonParts, openInstruments, type Parts, type Runtime } from "./assemble.ts";
import { createEvents } from "./events.ts";
import type { LoadedRegistry } from "./load-registry.ts";
import { openStore } from "./open-store.ts";
import { provideFromPlugins } from "./plugin-services.ts";
import { provideServices, required, type ServiceOverrides } from "./services.ts";
import { createContext } from "./source-context.ts";
import { applyHttp, replacesHttp, unusedHttpSettings } from "./transport.ts";

interface Outside extends LoadedRegistry, Pick<Parts, "read" | "live" | "env" | "overrides"> {
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

function warn(log: Logger, { read: { config }, env, registry, overrides, warnings }: Outside): void {
  const level = config.log?.level === undefined ? unknownLevel(env.AZURE_LOG_LEVEL) : undefined;
  const ofSources = registry.sources.map(({ name }) => timeoutVariable(name));
  const misspelled = misspelledSetting(env, ofSources);
  const unused = unusedHttpSettings(config, overrides.http, registry.services);
  for (const warning of [...warnings, level, misspelled, unused]) if (warning !== undefined) log.warn(warning);
}

/** The services that a caller gives in place of those of plugins. */
const givenServices = (overrides: ServiceOverrides) =>
  (["commands", "clock", "logger", "http"] as const)
    .filter((name) => (name === "http" ? replacesHttp(overrides.http) : overrides[name] !== undefined))
    .map((name) => services[name]);

/** What identities that come from this one have in common with it. */
const commonOf = ({ registry, overrides, platform }: Outside): CommonParts => ({
  registry,
  events: createEvents(),
  random: overrides.random ?? Math.random,
  platform,
  textOf: createTextOf(),
  deadlines: new WeakMap(),
});

/** Wires everything of one identity whose config and plugins are loaded. */
export async function wire(outside: Outside): Promise<Runtime> {
  const { read, registry, live, env, overrides, platform, signal } = outside;
  const { config } = read;
  const sources = createSourceOptionsResolver(read, live);
  sources.check(registry);
  const common = commonOf(outside);
  const container = provideServices(read, env, overrides, platform);
  const contextNow = () => createContext({ container, config, env, common });
  // a plugin may replace services; to create them it gets those of core
  let context: SourceContext | undefined = registry.services.length === 0 ? undefined : await contextNow();
  provideFromPlugins(container, {
    providers: registry.services,
    config,
    context: () => context as SourceContext,
    settings: sources,
    given: givenServices(overrides),
  });
  const finish = async () => {
    const ownHttp = await required(container, services.http);
    const transport = applyHttp(overrides.http, ownHttp);
    container.registerInstance(services.http, transport);
    return { ownHttp, transport, context: await contextNow() };
  };
  const finished =
    context === undefined
      ? await finish()
      : await withinLoadTimeout(context.clock, finish(), "A service of a plugin", { signal });
  context = finished.context;
  warn(context.log, outside);
  const store = await openStore(container, { clock: context.clock, log: context.log, events: common.events });
  const instruments = await openInstruments(overrides, context.log);
  const freshness = createFreshness(context.clock, common.random);
  const own = { read, sources, live, env, overrides, container, store, instruments, freshness };
  const runtime = assemble({ ...finished, common, ...own });
  return {
    ...runtime,
    async close(reason, users) {
      await runtime.close(reason, users);
      platform.close();
    },
  };
}
