import {
  type Credential,
  type IssuedToken,
  isIdentityError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { type Application, checkApplicationRequest } from "./application.ts";
import { checkApplicationTenant, tokenEndpoint } from "./authority.ts";
import type { ClientCredential } from "./client-authentication/client-authentication.ts";
import { acquireForApplication } from "./msal/client-credentials.ts";
import { adviseOnRegion, createRegion } from "./region.ts";
import { entraRetries } from "./retries.ts";

/** One exchange of a confidential client with the token endpoint of a tenant. */
export interface ConfidentialExchange {
  readonly application: Application;
  /** Id or domain of the tenant that issues the token. */
  readonly tenantId: string;
  readonly clientCredential: ClientCredential;
  readonly request: TokenRequest;
  readonly context: SourceContext;
}

/** Sends one exchange, and returns the issued token. */
export type Acquire = (exchange: ConfidentialExchange) => Promise<IssuedToken>;

/**
 * Acquires a token with the client credential. When Entra refuses that credential and it has a
 * fallback, tries once more with the fallback.
 */
async function acquireWithFallback(
  application: Application,
  request: TokenRequest,
  context: SourceContext,
  acquire: Acquire,
): Promise<IssuedToken> {
  const { sourceName, clientId } = application;
  const { signal, background, correlationId } = request;
  const tenantId = checkApplicationTenant(sourceName, request.tenantId ?? application.tenantId);
  const target = {
    clientId,
    tenantId,
    tokenEndpoint: tokenEndpoint(context.cloud, tenantId),
    signal,
    background,
    correlationId,
  };
  const acquireWith = async (clientCredential: ClientCredential) => {
    const issued = await acquire({ application, tenantId, clientCredential, request, context });
    clientCredential.onAccepted?.();
    return issued;
  };
  const clientCredential = await application.clientAuthentication(target);
  try {
    return await acquireWith(clientCredential);
  } catch (error) {
    const fallback = isIdentityError(error) ? await clientCredential.fallback?.(error) : undefined;
    if (fallback === undefined) throw error;
    return acquireWith(fallback);
  }
}

/**
 * A credential of a confidential client.
 *
 * @param read returns the application, read for each request; throws when its settings are
 * incomplete
 * @param checkRequest throws for requests that the grant does not take
 */
export function createConfidentialCredential(
  read: () => Application,
  context: SourceContext,
  acquire: Acquire,
  checkRequest: (sourceName: string, request: TokenRequest) => void,
): Credential {
  return {
    async getToken(request) {
      const application = read();
      checkRequest(application.sourceName, request);
      return context.retry(entraRetries, () => acquireWithFallback(application, request, context, acquire), request);
    },
  };
}

/** Signs an application in as itself, at its region's endpoint if one is configured. */
export function createApplicationCredential(read: () => Application, context: SourceContext): Credential {
  const regionFor = createRegion(context);
  const acquire: Acquire = async (exchange) => {
    const region = await regionFor(exchange.request);
    try {
      return await acquireForApplication(exchange, region);
    } catch (error) {
      throw region === undefined ? error : adviseOnRegion(error, region);
    }
  };
  return createConfidentialCredential(read, context, acquire, checkApplicationRequest);
}
