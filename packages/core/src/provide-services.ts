import type { IdentityConfig } from "./config/define.ts";
import { resolveReferences } from "./config/references.ts";
import type { Container } from "./container/container.ts";
import { type Clock, type Commands, type Http, type Logger, services } from "./contract/services.ts";
import { createClock } from "./services/clock.ts";
import { createCommands } from "./services/commands.ts";
import { createHttp } from "./services/http.ts";
import { createLogger, parseLogLevel, stderrSink } from "./services/logger.ts";

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

/** The container of one identity with the core's own services in it, or those that the caller lends. */
export async function provideServices(
  config: IdentityConfig,
  env: Readonly<Record<string, string>>,
  overrides: ServiceOverrides,
  folder: string,
): Promise<Container> {
  const { createContainer } = await import("./container/container.ts"); // tsyringe costs milliseconds: on first use, not at import
  const container = createContainer();
  const level = config.log?.level ?? parseLogLevel(env.AZURE_LOG_LEVEL);
  container.provide(services.logger, () => createLogger(overrides.logger ?? stderrSink(), level));
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
        : (resolveReferences({ file: caFile }, { env, folder }, "http.caFile") as string);
    container.provide(services.http, () => createHttp({ env, ca }));
  }
  return container;
}

/** A service that the core itself provides. */
export async function required<T>(container: Container, token: symbol & { readonly __service?: T }): Promise<T> {
  const service = await container.get<T>(token);
  if (service === undefined) throw new TypeError(`${String(token.description)} is missing from the container`);
  return service;
}
