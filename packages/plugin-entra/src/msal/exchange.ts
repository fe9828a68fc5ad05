import {
  entraError,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  parseJsonObject,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { Configuration, INetworkModule } from "@azure/msal-node";
import { openIdDocument } from "../authority.ts";
import { readTokenResponse } from "../token-response.ts";
import { loadMsal } from "./load.ts";
import { createNetwork } from "./network.ts";

type Msal = typeof import("@azure/msal-node");
export type ExchangeContext = Pick<SourceContext, "http" | "clock" | "cloud" | "log">;

/** One exchange with a token endpoint, as far as all grants are alike. */
export interface Exchange {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** What is sent and nobody may see, for answers that echo it. */
  readonly secrets: readonly string[];
  readonly request: TokenRequest;
}

/** What all grants tell MSAL of a request. */
export type CommonRequest = Pick<TokenRequest, "claims" | "correlationId"> & { readonly scopes: string[] };

/** What came of an exchange. */
export interface Exchanged<T> {
  readonly issued: IssuedToken;
  /** The answer of the token endpoint. */
  readonly body: string;
  /** What MSAL made of it. */
  readonly result: T;
}

/**
 * One token, by one request to Entra. MSAL is asked for the protocol alone: `grant` makes an MSAL application of its own (0.06 ms) from
 * the configuration, so that nothing of one request, such as its capabilities, gets into another.
 */
export async function exchangeFully<T>(
  settings: Exchange,
  context: ExchangeContext,
  grant: Act<T>,
): Promise<Exchanged<T>> {
  const { who } = settings;
  let issued: IssuedToken | undefined;
  let body = "";
  const result = await askMsal(settings, context, grant, (response) => {
    issued = readTokenResponse(who, response, context.clock.now());
    body = response.body;
  });
  if (issued === undefined) throw msalError(who, undefined);
  return { issued, body, result };
}

/** The token of an exchange, where nothing else is wanted of it. */
export async function exchange(
  settings: Exchange,
  context: ExchangeContext,
  grant: Act<unknown>,
): Promise<IssuedToken> {
  return (await exchangeFully(settings, context, grant)).issued;
}

type Act<T> = (msal: Msal, configuration: Configuration, common: CommonRequest) => Promise<T>;

/** Lets MSAL act for one request. `onToken` sees the answer of the token endpoint, and throws when it is none. */
export async function askMsal<T>(
  { who, tenantId, clientId, secrets, request }: Exchange,
  context: ExchangeContext,
  act: Act<T>,
  onToken: (response: HttpResponse) => void = () => undefined,
): Promise<T> {
  const msal = loadMsal();
  const inspect = (response: HttpResponse, { url }: HttpRequest) => {
    if (response.status === 200 && new URL(url).pathname.endsWith("/token")) onToken(response);
    else if (response.status !== 200 || parseJsonObject(response.body) === undefined)
      throw entraError(who, response, context.clock.now(), secrets);
  };
  const network = createNetwork({ http: context.http, signal: request.signal, inspect });
  const { scopes, claims, correlationId } = request;
  try {
    const configuration = configure(clientId, tenantId, request, network.module, context, msal);
    return await act(msal, configuration, { scopes: [...scopes], claims, correlationId });
  } catch (error) {
    throw network.failure ?? msalError(who, error);
  }
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
      // a host that is not known here is looked up in MSAL's table of Microsoft's clouds, and then by Entra's instance discovery
      knownAuthorities: cloud.instanceDiscovery ? [] : [cloud.authorityHost],
      clientCapabilities: enableCae ? ["cp1"] : [],
    },
    system: {
      networkClient,
      loggerOptions: {
        piiLoggingEnabled: false,
        logLevel: log.writes?.("debug") === false ? LogLevel.Error : LogLevel.Info, // it writes out each line before it hands it over
        loggerCallback: (_, message, containsPii) => {
          if (!containsPii) log.debug(message);
        },
      },
    },
  };
}

/** MSAL's texts can hold what it was given, so that only its code is passed on. */
function msalError(who: string, error: unknown): IdentityError {
  const { errorCode } = (error ?? {}) as { readonly errorCode?: unknown };
  if (errorCode === "nonce_mismatch") {
    return outcomeError("rejected", `${who}: the answer belongs to another sign-in: its id_token has another nonce.`, {
      code: "nonce-mismatch",
      remedy: "Sign in again; if that does not help, somebody is tampering with what Entra answers.",
    });
  }
  const known = typeof errorCode === "string" && /^[a-z0-9_]{1,64}$/.test(errorCode) ? errorCode : "without a code";
  return outcomeError("failed", `${who}: MSAL refused the request (${known}).`, { code: "msal-refused" });
}
