import type { Cloud, ServiceToken, SourceContext } from "../contract/context.ts";
import type { Clock, Commands, Http, Logger } from "../contract/system-services.ts";
import type { NormalizedRequest, TokenRequest } from "../contract/token.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createFakeCommands } from "./fake-commands.ts";
import { createFakeHttp } from "./fake-http.ts";

/** The parts of a test context that differ from the fakes. */
export interface TestContextSettings {
  /** Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: no host answers. */
  readonly http?: Http;
  /** Default: nothing is installed. */
  readonly commands?: Commands;
  /** Default: a clock that stands still. */
  readonly clock?: Clock;
  /** Default: the public cloud, without instance discovery. */
  readonly cloud?: Partial<Cloud>;
  /** Default tenant of the config; `null`: none. */
  readonly tenantId?: string | null;
  /** Default: nothing is written. */
  readonly log?: Logger;
  /** Services of other plugins, by token. Default: none. */
  readonly services?: ReadonlyMap<symbol, unknown>;
}

const silence: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/**
 * The context of a source, made of fakes. `retry` tries once, so that a test gets the error of the
 * source itself.
 */
export function createTestContext(settings: TestContextSettings = {}): SourceContext {
  return {
    env: settings.env ?? {},
    http: settings.http ?? createFakeHttp(),
    commands: settings.commands ?? createFakeCommands(),
    clock: settings.clock ?? createFakeClock(),
    log: settings.log ?? silence,
    cloud: {
      authorityHost: "https://login.microsoftonline.com",
      instanceDiscovery: false,
      tokenExchangeAudience: "api://AzureADTokenExchange",
      ...settings.cloud,
    },
    defaults: { tenantId: settings.tenantId, additionallyAllowedTenants: [] },
    retry: (_, attempt) => attempt(1),
    service: async <T>(token: ServiceToken<T>) => settings.services?.get(token) as T | undefined,
  };
}

/** A request for one scope; `more` replaces its fields. */
export function createTestRequest(more: Partial<TokenRequest & NormalizedRequest> = {}): TokenRequest {
  return Object.freeze({
    scopes: ["https://vault.azure.net/.default"] as const,
    tenantId: undefined,
    claims: undefined,
    refusedToken: undefined,
    enableCae: false,
    proofOfPossession: undefined,
    userAssertion: undefined,
    background: false,
    signal: new AbortController().signal,
    correlationId: "00000000-0000-4000-8000-000000000000",
    ...more,
  });
}
