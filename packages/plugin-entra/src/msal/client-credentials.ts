import type { Cloud, IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import type { Application } from "../application.ts";
import { openIdDocument, tokenEndpoint } from "../authority.ts";
import type { ClientCredential } from "../client-authentication/client-authentication.ts";
import { regionalHost } from "../region.ts";
import { type ExchangeContext, exchange, msalCredential, secretsOf } from "./exchange.ts";

/** One exchange of a confidential client. */
export interface ClientExchange {
  readonly application: Omit<Application, "clientAuthentication">;
  /** Id or domain of the tenant that issues the token. */
  readonly tenantId: string;
  readonly clientCredential: ClientCredential;
  readonly request: TokenRequest;
  readonly context: ExchangeContext;
}

/**
 * The authority metadata for a tenant whose tokens come from a regional endpoint. MSAL's own
 * `azureRegion` works only for metadata that MSAL embeds or fetches, and reads the environment of
 * the process.
 */
function regionalMetadata({ authorityHost }: Cloud, tenantId: string, region: string | undefined) {
  if (region === undefined) return {};
  const token_endpoint = tokenEndpoint({ authorityHost: regionalHost(authorityHost, region) }, tenantId);
  return { authorityMetadata: JSON.stringify({ ...openIdDocument(`${authorityHost}/${tenantId}`), token_endpoint }) };
}

/**
 * Gets a token for an application itself, from a region's endpoint or the global one.
 * RFC 6749 section 4.4.
 */
export async function acquireForApplication(
  { application: { sourceName, clientId }, tenantId, clientCredential, request, context }: ClientExchange,
  region?: string,
): Promise<IssuedToken> {
  const settings = { sourceName, tenantId, clientId, secrets: secretsOf(clientCredential), request };
  const issued = await exchange(settings, context, (msal, { auth, system }, common) =>
    new msal.ConfidentialClientApplication({
      auth: { ...auth, ...regionalMetadata(context.cloud, tenantId, region), ...msalCredential(clientCredential) },
      system,
    }).acquireTokenByClientCredential({
      ...common,
      skipCache: true,
      azureRegion: "DisableMsalForceRegion", // or MSAL would read MSAL_FORCE_REGION from the environment
    }),
  );
  return { ...issued, principal: { tenantId, clientId } };
}
