import { resolveCloud } from "../config/clouds.ts";
import type { ResolvedConfig } from "../config/references.ts";
import type { Container } from "../container/container.ts";
import type { RetrySettings, ServiceToken, SourceContext } from "../contract/context.ts";
import { services } from "../contract/services.ts";
import type { Clock } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { logHttp } from "../services/log-http.ts";
import { createRetry } from "../services/retry.ts";
import type { CommonParts } from "./assemble.ts";
import { required } from "./services.ts";

export interface ContextSettings {
  readonly container: Container;
  readonly config: ResolvedConfig;
  readonly env: SourceContext["env"];
  readonly common: Pick<CommonParts, "random" | "deadlines">;
}

function tenantsOf(config: ResolvedConfig, env: SourceContext["env"]): SourceContext["defaults"] {
  const listed = env.AZURE_ADDITIONALLY_ALLOWED_TENANTS?.split(";").map((tenant) => tenant.trim()) ?? [];
  return Object.freeze({
    tenantId: config.tenantId, // AZURE_TENANT_ID is for the sources that declare it: see `HomeTenant`
    additionallyAllowedTenants: config.additionallyAllowedTenants ?? listed.filter((tenant) => tenant !== ""),
  });
}

function retryWithin(clock: Clock, { random, deadlines }: ContextSettings["common"], settings?: RetrySettings) {
  const monoMsOf = (signal: AbortSignal) => deadlines.get(signal)?.monoMs ?? Number.POSITIVE_INFINITY;
  const onRetry = (signal: AbortSignal, lastFailure: unknown) => {
    const deadline = deadlines.get(signal);
    if (deadline !== undefined) deadline.lastFailure = lastFailure;
  };
  return createRetry(clock, random, monoMsOf, onRetry, settings);
}

function refuseCommands(): never {
  throw new ConfigurationError("invalid-plugin", "A plugin runs programs, and has nothing that does it.", {
    remedy: "Add `subprocesses` of @azidentity/core/plugin to the `services` of the plugin.",
  });
}

/** The context of the sources of one identity, with the services that are in the container now. */
export async function createContext(settings: ContextSettings): Promise<SourceContext> {
  const { container, config, env, common } = settings;
  const clock = await required(container, services.clock);
  const log = await required(container, services.logger);
  return Object.freeze({
    env,
    http: logHttp(await required(container, services.http), log, clock),
    commands: (await container.get(services.commands)) ?? { find: refuseCommands, run: refuseCommands },
    clock,
    log,
    cloud: resolveCloud(config, env),
    defaults: tenantsOf(config, env),
    retry: retryWithin(clock, common, config.http?.retry),
    service: <T>(token: ServiceToken<T>) => container.get(token),
  });
}
