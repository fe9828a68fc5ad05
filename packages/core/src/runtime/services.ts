import type { LoadedConfig } from "../config/load-config.ts";
import { type ResolvedConfig, resolveReferences } from "../config/references.ts";
import { type Container, createContainer } from "../container/container.ts";
import type { ServiceToken } from "../contract/context.ts";
import type { Instrumentation } from "../contract/instrumentation.ts";
import { services } from "../contract/services.ts";
import type { Clock, Commands, Http, Logger } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { createClock } from "../services/clock.ts";
import { createLogger, type LoggerSettings, logLevelOf, stderrSink } from "../services/logger.ts";
import type { HttpSettings, Platform } from "../services/platform.ts";
import { replacesHttp } from "./transport.ts";

/** Services of the caller, who also disposes them. */
export interface ServiceOverrides {
  /**
   * Sends HTTP requests. Default: the client of Node, with its proxy settings. A function gets that
   * client and returns what to use in its place, such as one that adds a header and then calls
   * `next.send`: the proxy, the authorities and the pinned certificates of requests stay in force.
   * It is called once, on first use, and sees each request as a source made it. What it returns
   * must have `send`; else, or if it throws, requests for tokens reject with `invalid-argument`.
   */
  readonly http?: Http | ((next: Http) => Http);
  /** Runs programs, such as the Azure CLI. Default: child processes, of plugins that run some. */
  readonly commands?: Commands;
  /** Wall clock, monotonic clock and timers. Default: those of the system. */
  readonly clock?: Clock;
  /** Gets log lines at or above the configured level, redacted. */
  readonly logger?: Logger;
  /** Default: `process.env` as it is at first use. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** 0 to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** Functions around acquisitions and requests, for spans and metrics. Default: none. */
  readonly instrumentation?: Instrumentation;
}

/** Services of the caller for an identity that comes from another one (`Identity.with`). */
export interface SharedOverrides extends Pick<ServiceOverrides, "logger" | "instrumentation"> {
  /** As for `createIdentity`; a function gets what the other identity sends its requests with. */
  readonly http?: Http | ((next: Http) => Http);
  /**
   * Variables to read in place of those of the other identity, copied at the call. Not read again:
   * the `AZIDENTITY_*` variables that are fields of a config.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

function loggerSettings({ log, mode }: Pick<ResolvedConfig, "log" | "mode">): LoggerSettings {
  if (log?.enableUnsafeSupportLogging === true && mode === "production") {
    throw new ConfigurationError("unsafe-logging", 'Mode "production" refuses `log.enableUnsafeSupportLogging`.', {
      path: "log.enableUnsafeSupportLogging",
      remedy: "Remove it; the debug level shows requests and responses without secrets.",
    });
  }
  return { accounts: log?.allowLoggingAccountIdentifiers, unsafe: log?.enableUnsafeSupportLogging };
}

/** How the config and the variables want requests to be sent. */
export function httpSettingsOf(read: LoadedConfig, env: Readonly<Record<string, string>>): HttpSettings {
  const { http = {} } = read.config;
  const { caFile: file } = http;
  const ca =
    file === undefined ? file : (resolveReferences({ file }, { env, folder: read.folder }, "http.caFile") as string);
  return { ...http, env, ca };
}

export function createIdentityLogger(
  { log, mode }: Pick<ResolvedConfig, "log" | "mode">,
  env: Readonly<Record<string, string>>,
  sink = stderrSink(),
): Logger {
  return createLogger(sink, log?.level ?? logLevelOf(env.AZURE_LOG_LEVEL), loggerSettings({ log, mode }));
}

/**
 * The container of one identity with the services of core, or those of the caller in their place.
 */
export function provideServices(
  read: LoadedConfig,
  env: Readonly<Record<string, string>>,
  overrides: ServiceOverrides,
  platform: Platform,
): Container {
  const container = createContainer();
  container.provide(services.logger, () => createIdentityLogger(read.config, env, overrides.logger));
  if (overrides.clock === undefined) container.provide(services.clock, createClock);
  else container.registerInstance(services.clock, overrides.clock);
  if (overrides.commands !== undefined) container.registerInstance(services.commands, overrides.commands);
  if (replacesHttp(overrides.http)) container.registerInstance(services.http, overrides.http);
  else container.provide(services.http, () => platform.http(httpSettingsOf(read, env)));
  return container;
}

/** A service that the core itself provides. */
export async function required<T>(container: Container, token: ServiceToken<T>): Promise<T> {
  const service = await container.get<T>(token);
  if (service === undefined) throw new TypeError(`${String(token.description)} is missing from the container`);
  return service;
}
