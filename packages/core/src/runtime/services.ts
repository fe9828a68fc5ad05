import type { LoadedConfig } from "../config/load-config.ts";
import { type ResolvedConfig, resolveReferences } from "../config/references.ts";
import { type Container, createContainer } from "../container/container.ts";
import type { ServiceToken } from "../contract/context.ts";
import { services } from "../contract/services.ts";
import type { Clock, Commands, Http, Logger } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { createClock } from "../services/clock.ts";
import { createCommands } from "../services/commands.ts";
import { createHttp } from "../services/http.ts";
import { createLogger, type LoggerSettings, logLevelOf, stderrSink } from "../services/logger.ts";

/** Services of the caller, who also disposes them. */
export interface ServiceOverrides {
  /** Sends HTTP requests. Default: the client of Node, with its proxy settings. */
  readonly http?: Http;
  /** Runs programs, such as the Azure CLI. Default: child processes. */
  readonly commands?: Commands;
  /** Wall clock, monotonic clock and timers. Default: those of the system. */
  readonly clock?: Clock;
  /** Gets log lines at or above the configured level, redacted. */
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
      remedy: "Remove it; the debug level shows requests and responses without secrets.",
    });
  }
  return { accounts: log?.allowLoggingAccountIdentifiers, unsafe: log?.enableUnsafeSupportLogging };
}

/**
 * The container of one identity with the services of core, or those of the caller in their place.
 */
export function provideServices(
  read: LoadedConfig,
  env: Readonly<Record<string, string>>,
  overrides: ServiceOverrides,
): Container {
  const { config } = read;
  const container = createContainer();
  const level = config.log?.level ?? logLevelOf(env.AZURE_LOG_LEVEL);
  container.provide(services.logger, () =>
    createLogger(overrides.logger ?? stderrSink(), level, loggerSettings(config)),
  );
  if (overrides.clock === undefined) container.provide(services.clock, createClock);
  else container.registerInstance(services.clock, overrides.clock);
  if (overrides.commands === undefined) container.provide(services.commands, () => createCommands(env));
  else container.registerInstance(services.commands, overrides.commands);
  if (overrides.http !== undefined) container.registerInstance(services.http, overrides.http);
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

/** A service that the core itself provides. */
export async function required<T>(container: Container, token: ServiceToken<T>): Promise<T> {
  const service = await container.get<T>(token);
  if (service === undefined) throw new TypeError(`${String(token.description)} is missing from the container`);
  return service;
}
