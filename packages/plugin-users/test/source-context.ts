import type { IdentityError, SourceContext, TokenRequest } from "@azidentity/core/plugin";
import { createFakeClock, createFakeCommands, createFakeHttp } from "@azidentity/core/testing";

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** The context of a source, without network responses and retries. */
export function sourceContext(given: Partial<SourceContext> = {}): SourceContext {
  return {
    env: {},
    http: createFakeHttp(),
    commands: createFakeCommands(),
    clock: createFakeClock(),
    log: silent,
    cloud: {
      authorityHost: "https://login.microsoftonline.com",
      instanceDiscovery: false,
      tokenExchangeAudience: "api://AzureADTokenExchange",
    },
    defaults: { additionallyAllowedTenants: [] },
    retry: (_, attempt) => attempt(1),
    service: async () => undefined,
    ...given,
  };
}

export function tokenRequest(given: Partial<TokenRequest> = {}): TokenRequest {
  return {
    scopes: ["https://vault.azure.net/.default"],
    tenantId: undefined,
    claims: undefined,
    enableCae: false,
    proofOfPossession: undefined,
    userAssertion: undefined,
    correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e",
    refusedToken: undefined,
    background: false,
    signal: new AbortController().signal,
    ...given,
  };
}

/** The response of a token endpoint with a token for an hour; `changes` make it invalid. */
export function tokenAnswer(changes: Readonly<Record<string, unknown>> = {}) {
  const body = JSON.stringify({ token_type: "Bearer", access_token: "opaque", expires_in: 3599, ...changes });
  return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

/** An error response of Entra. */
export const refusal = (number: number, more: object = {}) => ({
  status: 400,
  body: JSON.stringify({
    error: "invalid_grant",
    error_description: `AADSTS${number}: No.\r\nTrace ID: 1`,
    error_codes: [number],
    ...more,
  }),
});

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<IdentityError> {
  return promise.then(
    () => {
      throw new TypeError("It succeeded.");
    },
    (error) => error,
  );
}
