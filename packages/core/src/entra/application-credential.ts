import type { SourceContext } from "../contract/context.ts";
import type { Credential } from "../contract/source.ts";
import type { IssuedToken, TokenRequest } from "../contract/token.ts";
import type { AadstsRows } from "../errors/aadsts.ts";
import { isIdentityError } from "../errors/errors.ts";
import { checkApplicationScopes, checkApplicationTenant } from "./check-request.ts";
import type { ClientAuthentication, ClientCredential } from "./client-credential.ts";
import { entraRetries } from "./retries.ts";
import {
  createTokenClient,
  type TokenClient,
  type TokenClientSettings,
  type TokenExchange,
  tokenEndpoint,
} from "./token-client.ts";

/** An application, and how it authenticates. */
export interface Application {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  /** Home tenant: id or domain. */
  readonly tenantId: string;
  /** Application (client) id. */
  readonly clientId: string;
  /** Makes what authenticates it. */
  readonly clientAuthentication: ClientAuthentication;
}

/** What a grant sends besides client id, client credential and claims. */
export interface ApplicationGrant {
  /** Whether Entra's regional endpoints take it. */
  readonly isRegional: boolean;
  /** The parameters of one request. */
  parameters(sourceName: string, request: TokenRequest): TokenExchange["parameters"];
  /** The values among the parameters that must not be shown. */
  secrets(request: TokenRequest): TokenExchange["secrets"];
  /** See `EntraErrorSettings.rows`. */
  readonly rows?: AadstsRows | undefined;
}

/** The application signs in as itself. RFC 6749 section 4.4. */
const clientCredentials: ApplicationGrant = {
  isRegional: true,
  parameters(sourceName, request) {
    checkApplicationScopes(sourceName, request);
    return { grant_type: "client_credentials", scope: request.scopes[0] };
  },
  secrets: () => [],
};

/** How an application gets its tokens. */
export interface ApplicationCredentialSettings {
  /** Such as `onBehalfOf`. Default: the application signs in as itself. */
  readonly grant?: ApplicationGrant | undefined;
  /** See `TokenClientSettings.redirect`. */
  readonly redirect?: TokenClientSettings["redirect"];
}

/** A failure to make a client credential, which the retries of the exchange do not repeat. */
class CredentialFailure {
  readonly reason: unknown;
  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/**
 * Makes a client credential. Its failure is final: a build service or another source has been asked
 * again already, so that retries here would multiply those.
 */
async function makeOnce<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (reason) {
    throw new CredentialFailure(reason);
  }
}

/**
 * Sends one exchange. When Entra refuses the client credential and that has a fallback, sends it
 * once more with the fallback.
 */
async function exchangeWithFallback(
  client: TokenClient,
  exchange: TokenExchange,
  credential: ClientCredential,
): Promise<IssuedToken> {
  for (let clientCredential = credential; ; ) {
    try {
      const { issued } = await client.exchange({ ...exchange, clientCredential });
      clientCredential.onAccepted?.();
      return issued;
    } catch (error) {
      const isFirst = clientCredential === credential;
      const fallback =
        isFirst && isIdentityError(error) ? await makeOnce(async () => credential.fallback?.(error)) : undefined;
      if (fallback === undefined) throw error;
      clientCredential = fallback;
    }
  }
}

/**
 * The credential of an application. A failure that may be transient is tried again (see
 * `entraRetries`); each try asks for a new client credential, whose failure is final. The transport
 * uses a new connection for it where the last one did not answer.
 *
 * @param read returns the application; called for each request. Throws when its settings are
 * incomplete
 */
export function createApplicationCredential(
  read: () => Application,
  context: SourceContext,
  settings: ApplicationCredentialSettings = {},
): Credential {
  const { grant = clientCredentials } = settings;
  const client = createTokenClient(context, { isRegional: grant.isRegional, redirect: settings.redirect });

  const acquire = async (application: Application, request: TokenRequest): Promise<IssuedToken> => {
    const { sourceName, clientId, clientAuthentication } = application;
    const tenantId = checkApplicationTenant(sourceName, request.tenantId ?? application.tenantId);
    const { signal, background, correlationId } = request;
    const url = tokenEndpoint(context.cloud, tenantId);
    const target = { clientId, tenantId, tokenEndpoint: url, signal, background, correlationId };
    const exchange: TokenExchange = {
      sourceName,
      tenantId,
      clientId,
      parameters: grant.parameters(sourceName, request),
      secrets: grant.secrets(request),
      rows: grant.rows,
      request,
    };
    const attempt = async () =>
      exchangeWithFallback(client, exchange, await makeOnce(() => clientAuthentication(target)));
    try {
      const issued = await context.retry(entraRetries, attempt, request);
      return { ...issued, principal: { tenantId, clientId } };
    } catch (error) {
      throw error instanceof CredentialFailure ? error.reason : error;
    }
  };

  return { getToken: async (request) => acquire(read(), request) };
}
