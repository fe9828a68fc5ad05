import type { Cloud, SourceContext } from "../contract/context.ts";
import type { HttpRequest, HttpResponse } from "../contract/system-services.ts";
import type { TokenRequest } from "../contract/token.ts";
import type { AadstsRows } from "../errors/aadsts.ts";
import { entraError, remedies } from "../errors/entra-error.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { isJsonObject, parseJsonObject } from "../util/json.ts";
import { type ClientCredential, credentialParameters, secretOf } from "./client-credential.ts";
import { createAuthorityCheck } from "./confirm-authority.ts";
import { adviseOnRegion, createRegion, regionalAuthority } from "./region.ts";
import { sendWithinLimit } from "./send-within-limit.ts";
import { readTokenResponse, type TokenResponse } from "./token-response.ts";

/** One request to a token endpoint. RFC 6749 sections 4 to 6. */
export interface TokenExchange {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  /** Id or domain of the tenant that issues the token. */
  readonly tenantId: string;
  /** Application (client) id. */
  readonly clientId: string;
  /** What authenticates the application; `undefined`: a public client. */
  readonly clientCredential?: ClientCredential | undefined;
  /** `grant_type`, `scope` and the other parameters of the grant. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Those of the parameters that must not be shown, such as a user's assertion. The client
   * credential need not be listed.
   */
  readonly secrets?: readonly string[] | undefined;
  /** See `EntraErrorSettings.rows`. */
  readonly rows?: AadstsRows | undefined;
  /** The request that the source got; its scopes are in `parameters`. */
  readonly request: Pick<TokenRequest, "claims" | "enableCae" | "correlationId" | "signal">;
  /**
   * Whether a request without a response may be sent again, so that it is given up after ten
   * seconds. `false` for what Entra accepts once: authorization codes, device codes and refresh
   * tokens that rotate. Such a request may take as long as its signal allows. Default `true`.
   */
  readonly isRepeatable?: boolean | undefined;
}

/** Sends requests to the token endpoints of one authority. */
export interface TokenClient {
  /**
   * Sends one request and reads the response. It is the caller who tries again; see
   * `createApplicationCredential`.
   *
   * @throws {IdentityError} Entra's refusal (see `entraError`); `unreachable`: no connection, or no
   * response in time; `incomplete-response`, `captive-portal`, `invalid-token-response`,
   * `unexpected-answer` (such as a redirect, which is never followed), `answer-too-large`;
   * `unknown-authority`: Entra does not know the host, so nothing was sent there. None of them
   * shows a secret, even if the response echoes it.
   */
  exchange(exchange: TokenExchange): Promise<TokenResponse>;
}

/** Where a client sends its requests. */
export interface TokenClientSettings {
  /**
   * Whether requests go to the endpoint of the region in AZURE_REGIONAL_AUTHORITY_NAME, if there is
   * one. Only applications have regional endpoints. Default `false`.
   */
  readonly isRegional?: boolean | undefined;
  /**
   * Directs a request elsewhere, such as to a proxy for Entra. The authority is not confirmed then,
   * because nothing is sent to it, and no region is looked up.
   */
  readonly redirect?: ((request: HttpRequest) => Promise<HttpRequest>) | undefined;
}

/** URL of a tenant's token endpoint. */
export function tokenEndpoint({ authorityHost }: Pick<Cloud, "authorityHost">, tenantId: string): string {
  return `${authorityHost}/${tenantId}/oauth2/v2.0/token`;
}

/** The text of a form. Twice as fast as `URLSearchParams`, which writes `+` for a space. */
function fieldsOf(parameters: Readonly<Record<string, string>>): string {
  let fields = "";
  for (const name in parameters)
    fields += `&${name}=${encodeURIComponent((parameters[name] as string).toWellFormed())}`;
  return fields.slice(1);
}

const capabilities = { xms_cc: { values: ["cp1"] } };
const capabilitiesAlone = JSON.stringify({ access_token: capabilities });

/**
 * The parameter `claims` of a request to Entra: those of a challenge, and, if the caller handles
 * continuous access evaluation, the client capability `cp1`. `undefined`: none.
 * Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function requestClaims({ claims, enableCae }: Pick<TokenRequest, "claims" | "enableCae">): string | undefined {
  if (!enableCae) return claims;
  const challenge = claims === undefined ? undefined : parseJsonObject(claims);
  if (challenge === undefined) return capabilitiesAlone;
  const asked = Object.hasOwn(challenge, "access_token") ? challenge.access_token : undefined;
  return JSON.stringify({ ...challenge, access_token: { ...(isJsonObject(asked) ? asked : {}), ...capabilities } });
}

/** A form with the parameters that all grants have and those of one. */
function formOf({ clientId, clientCredential, parameters, request }: TokenExchange): string {
  const claims = requestClaims(request);
  return fieldsOf({
    client_id: clientId,
    ...parameters,
    ...(clientCredential && credentialParameters(clientCredential)),
    ...(claims !== undefined && { claims }),
    "client-request-id": request.correlationId,
  });
}

function secretsOf({ clientCredential, secrets = [] }: TokenExchange): readonly string[] {
  return clientCredential === undefined ? secrets : [secretOf(clientCredential), ...secrets];
}

/** The host that a redirect names; its path and query may hold secrets. */
function targetOf({ location = "" }: HttpResponse["headers"], base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).host : "another address";
}

function redirected(sourceName: string, { status, headers }: HttpResponse, base: string) {
  return outcomeError(
    "failed",
    `${sourceName}: HTTP ${status} redirects to ${targetOf(headers, base)}, and a request with a secret is not sent there.`,
    {
      code: "unexpected-answer",
      remedy: remedies.foreignAnswer,
      statusCode: status,
    },
  );
}

/**
 * The client for the token endpoints of the configured authority: asks Entra about an unknown
 * authority before each request until Entra has confirmed it, finds the region once, and sends
 * every request with a limit of its own.
 */
export function createTokenClient(context: SourceContext, settings: TokenClientSettings = {}): TokenClient {
  const { http, clock, cloud } = context;
  const { isRegional = false, redirect } = settings;
  const regionFor = isRegional && redirect === undefined ? createRegion(context) : undefined;
  /** `undefined` where there is nothing to confirm, or no longer. */
  let confirm = cloud.instanceDiscovery && redirect === undefined ? createAuthorityCheck(context) : undefined;

  const send = ({ sourceName, request: { signal }, isRepeatable = true }: TokenExchange, request: HttpRequest) =>
    isRepeatable ? sendWithinLimit(sourceName, context, request, signal) : http.send(request, signal);

  const post = async (exchange: TokenExchange, authorityHost: string): Promise<TokenResponse> => {
    const { sourceName, tenantId, request } = exchange;
    const direct: HttpRequest = {
      method: "POST",
      url: tokenEndpoint({ authorityHost }, tenantId),
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "client-request-id": request.correlationId,
      },
      body: formOf(exchange),
    };
    const response = await send(exchange, redirect === undefined ? direct : await redirect(direct));
    const isApplication = exchange.parameters.grant_type === "client_credentials";
    const refusal = { secrets: secretsOf(exchange), isApplication, rows: exchange.rows };
    if (response.status === 200) return readTokenResponse(sourceName, response, clock.now(), refusal);
    if (response.status >= 300 && response.status < 400) throw redirected(sourceName, response, authorityHost);
    throw entraError(sourceName, response, clock.now(), refusal);
  };

  const exchangeRegionally = async (exchange: TokenExchange): Promise<TokenResponse> => {
    const region = await regionFor?.(exchange.request);
    if (region === undefined) return post(exchange, cloud.authorityHost);
    try {
      return await post(exchange, regionalAuthority(cloud.authorityHost, region));
    } catch (error) {
      throw adviseOnRegion(error, region);
    }
  };

  return {
    async exchange(exchange) {
      const { sourceName, tenantId, request } = exchange;
      await confirm?.({ sourceName, tenantId, signal: request.signal });
      confirm = undefined;
      return regionFor === undefined ? post(exchange, cloud.authorityHost) : exchangeRegionally(exchange);
    },
  };
}
