import type { SharedSettings } from "../config/define.ts";
import { layerSettings } from "../config/layer-settings.ts";
import type { ResolvedConfig } from "../config/references.ts";
import { createSourceOptionsResolver } from "../config/source-options.ts";
import { withConfigFile } from "../config/with-config-file.ts";
import { type Container, createContainer } from "../container/container.ts";
import type { ServiceToken } from "../contract/context.ts";
import { services } from "../contract/services.ts";
import type { Http } from "../contract/system-services.ts";
import { readEnvironment } from "../options/azure-variables.ts";
import { assemble, openInstruments, type Parts, type Runtime } from "./assemble.ts";
import { openStore } from "./open-store.ts";
import { onlyProvider, provideFromPlugins } from "./plugin-services.ts";
import { createIdentityLogger, httpSettingsOf, type SharedOverrides } from "./services.ts";
import { createContext } from "./source-context.ts";
import { applyHttp, composeHttp, unusedHttpSettings } from "./transport.ts";

/** What a caller gives for an identity that comes from another one. */
interface Given {
  readonly settings: SharedSettings;
  readonly overrides: SharedOverrides;
}

/** Config and variables of the new identity. */
type Own = Pick<Parts, "read" | "env">;

/** What sends its requests: what the other one uses, unless the settings say otherwise. */
function transportOf(
  from: Parts,
  { read, env }: Own,
  { settings, overrides }: Given,
): Pick<Parts, "ownHttp" | "transport"> {
  const isOfPlugin = from.common.registry.services.some(({ token }) => token === services.http);
  if (isOfPlugin || (settings.http === undefined && overrides.env === undefined))
    return { ownHttp: from.ownHttp, transport: applyHttp(overrides.http, from.transport) };
  const ownHttp: Http = from.common.platform.http(httpSettingsOf(read, env));
  return { ownHttp, transport: applyHttp(composeHttp(from.overrides.http, overrides.http), ownHttp) };
}

/** Settings that are not in force here; those of the other identity have been reported there. */
function unusedHttp(from: Parts, config: ResolvedConfig, { settings, overrides }: Given): string | undefined {
  if (settings.http === undefined && overrides.http === undefined) return undefined;
  return unusedHttpSettings(config, overrides.http ?? from.overrides.http, from.common.registry.services);
}

/** The services of core that it does not share, because the settings make them different. */
function provideOwn(container: Container, from: Parts, own: Own, { settings, overrides }: Given): void {
  const { registry } = from.common;
  const isOfPlugin = (token: ServiceToken<unknown>) => registry.services.some((provider) => provider.token === token);
  const hasOwnLog = settings.log !== undefined || overrides.env !== undefined;
  if (overrides.logger !== undefined || (hasOwnLog && !isOfPlugin(services.logger)))
    container.provide(services.logger, () =>
      createIdentityLogger(own.read.config, own.env, overrides.logger ?? from.overrides.logger),
    );
  const programs = onlyProvider(registry.services.filter(({ token }) => token === services.commands));
  if (overrides.env !== undefined && from.overrides.commands === undefined && programs?.isFallback === true)
    container.provide(services.commands, () => programs.create({}, { ...from.context, env: own.env }));
}

/** The container of the new identity, and the services in it that are not those of plugins. */
function containerOf(from: Parts, own: Own, given: Given) {
  const shared: ServiceToken<unknown>[] = [services.clock, services.commands, services.logger];
  if (given.settings.cache === undefined && from.container.has(services.tokenStore)) shared.push(services.tokenStore);
  const container = createContainer({ owner: from.container, tokens: shared });
  provideOwn(container, from, own, given);
  return { container, taken: [...shared, services.http] };
}

/**
 * Wires an identity that comes from another one: it has links, chains, tokens, a log and a context
 * of its own, over the config, the plugins and the connections of that one.
 */
export async function derive({ parts: from }: Runtime, given: Given): Promise<Runtime> {
  const { settings, overrides } = given;
  const { common } = from;
  const live = overrides.env ?? from.live;
  const env = overrides.env === undefined ? from.env : readEnvironment(overrides.env);
  const read = layerSettings(from.read, settings, env);
  const wire = async (): Promise<Runtime> => {
    const { config } = read;
    const sources = createSourceOptionsResolver(read, live);
    if (settings.sources !== undefined || settings.chain !== undefined) sources.check(common.registry);
    const { container, taken } = containerOf(from, { read, env }, given);
    const { ownHttp, transport } = transportOf(from, { read, env }, given);
    container.registerInstance(services.http, transport);
    const context = await createContext({ container, config, env, common });
    provideFromPlugins(container, {
      providers: common.registry.services,
      config,
      context: () => context,
      settings: sources,
      given: taken,
    });
    const { clock, log } = context;
    const unused = unusedHttp(from, config, given);
    if (unused !== undefined) log.warn(unused);
    const store =
      settings.cache === undefined ? from.store : await openStore(container, { clock, log, events: common.events });
    const all = { ...from.overrides, ...overrides, http: composeHttp(from.overrides.http, overrides.http) };
    return assemble({
      common,
      read,
      sources,
      live,
      env,
      overrides: all,
      container,
      ownHttp,
      transport,
      context,
      freshness: from.freshness,
      store,
      instruments: await openInstruments(all, log),
    });
  };
  return withConfigFile(read, wire);
}
