import { aadstsUserRows, readTokenResponse, sendWithinLimit, type TokenResponse } from "@azidentity/core/entra";
import {
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  parseJsonObject,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { Configuration, INetworkModule } from "@azure/msal-node";
import { refusalOfUser } from "../user/refusal.ts";
import { createNetwork } from "./network.ts";
import shim from "./require-msal.cts";

type Msal = typeof import("@azure/msal-node");
export type ExchangeContext = Pick<SourceContext, "http" | "clock" | "cloud" | "log">;

/**
 * Loads MSAL on the first call (about 35 ms). Later calls cost nothing; an `import()` would cost
 * 10 µs each.
 */
export function loadMsal(): Msal {
  try {
    return (shim as { readonly requireMsal: () => Msal }).requireMsal();
  } catch (cause) {
    // not `not-installed`: a chain would go on, and sign in another principal than intended
    throw outcomeError("failed", "@azure/msal-node could not be loaded.", {
      code: "msal-not-loaded",
      remedy: "Run: npm install @azure/msal-node; in a bundle, include it. `cause` has the reason.",
      cause,
    });
  }
}

/** What every grant needs for one exchange with a token endpoint. */
export interface Exchange {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Values that are sent and must not be shown, should a response echo them. */
  readonly secrets: readonly string[];
  readonly request: TokenRequest;
  /**
   * Whether requests without a response may be sent again; see `sendWithinLimit`. Default `false`.
   */
  readonly isRepeatable?: boolean;
}

/** The parameters of a request that every grant passes to MSAL. */
export type CommonRequest = Pick<TokenRequest, "claims" | "correlationId"> & { readonly scopes: string[] };

/** The result of an exchange. */
export interface ExchangeResult<T> extends TokenResponse {
  /** What MSAL parsed from it. */
  readonly result: T;
}

/**
 * Gets one token by one request to Entra. MSAL is used for the protocol alone: `grant` makes its
 * own MSAL application (0.06 ms) from the configuration, so that no setting of one request, such as
 * its client capabilities, affects another.
 */
export async function exchange<T>(
  settings: Exchange,
  context: ExchangeContext,
  grant: MsalCall<T>,
): Promise<ExchangeResult<T>> {
  const { sourceName, secrets } = settings;
  let token: TokenResponse | undefined;
  const result = await callMsal(settings, context, grant, (response) => {
    token = readTokenResponse(sourceName, response, context.clock.now(), { secrets, rows: aadstsUserRows });
  });
  if (token === undefined) throw msalError(sourceName, undefined);
  return { ...token, result };
}

type MsalCall<T> = (msal: Msal, configuration: Configuration, common: CommonRequest) => Promise<T>;

/**
 * Calls MSAL for one request. `onToken` receives the response of the token endpoint, and throws if
 * it is not a token response.
 */
export async function callMsal<T>(
  { sourceName, tenantId, clientId, secrets, request, isRepeatable = false }: Exchange,
  context: ExchangeContext,
  call: MsalCall<T>,
  onToken: (response: HttpResponse) => void = () => undefined,
): Promise<T> {
  const msal = loadMsal();
  const inspect = (response: HttpResponse, { url }: HttpRequest) => {
    if (response.status === 200 && new URL(url).pathname.endsWith("/token")) onToken(response);
    else if (response.status !== 200 || parseJsonObject(response.body) === undefined)
      throw refusalOfUser(sourceName, response, context.clock.now(), secrets);
  };
  const { signal } = request;
  const send = (sent: HttpRequest) =>
    isRepeatable ? sendWithinLimit(sourceName, context, sent, signal) : context.http.send(sent, signal);
  const network = createNetwork(send, inspect);
  const { scopes, claims, correlationId } = request;
  try {
    const configuration = configure(clientId, tenantId, request, network.module, context, msal);
    return await call(msal, configuration, { scopes: [...scopes], claims, correlationId });
  } catch (error) {
    throw network.failure ?? msalError(sourceName, error);
  }
}

/**
 * The part of a tenant's OpenID configuration that MSAL reads. Its paths are the same in every
 * cloud and for every tenant, so it is built here instead of fetched: that saves a request, and no
 * fetched document can redirect a secret to another host.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints
 *
 * @param authority `https://host/tenant`
 */
function openIdDocument(authority: string) {
  return {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
  };
}

function configure(
  clientId: string,
  tenantId: string,
  { enableCae }: TokenRequest,
  networkClient: INetworkModule,
  { cloud, log }: ExchangeContext,
  { LogLevel }: Msal,
): Configuration {
  const authority = `${cloud.authorityHost}/${tenantId}`;
  return {
    auth: {
      clientId,
      authority,
      authorityMetadata: JSON.stringify(openIdDocument(authority)),
      // MSAL looks up other hosts in its table of clouds, then by Entra's instance discovery
      knownAuthorities: cloud.instanceDiscovery ? [] : [cloud.authorityHost],
      clientCapabilities: enableCae ? ["cp1"] : [],
    },
    system: {
      networkClient,
      loggerOptions: {
        piiLoggingEnabled: false,
        logLevel: log.writes?.("debug") === false ? LogLevel.Error : LogLevel.Info, // MSAL formats lines even if unused
        loggerCallback: (_, message, containsPii) => {
          if (!containsPii) log.debug(message);
        },
      },
    },
  };
}

/** MSAL's messages can hold parameters of the request, so only its code is shown. */
function msalError(sourceName: string, error: unknown): IdentityError {
  const { errorCode } = (error ?? {}) as { readonly errorCode?: unknown };
  if (errorCode === "nonce_mismatch") {
    return outcomeError(
      "rejected",
      `${sourceName}: the response belongs to another sign-in: its id_token has a different nonce.`,
      {
        code: "nonce-mismatch",
        remedy: "Sign in again; if the error persists, the responses of Entra are being tampered with.",
      },
    );
  }
  const known = typeof errorCode === "string" && /^[a-z0-9_]{1,64}$/.test(errorCode) ? errorCode : "without a code";
  return outcomeError("failed", `${sourceName}: MSAL refused the request (${known}).`, {
    code: "msal-refused",
    remedy: "Sign in again.",
  });
}
