import type { IssuedToken } from "@azidentity/core/plugin";
import type { ClientExchange } from "./client-credentials.ts";
import { exchange, msalCredential, secretsOf } from "./exchange.ts";

/**
 * Gets a token for an application that acts on behalf of the user whose access token it received.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function acquireOnBehalfOf({
  application: { sourceName, clientId },
  tenantId,
  clientCredential,
  request,
  context,
}: ClientExchange): Promise<IssuedToken> {
  const oboAssertion = request.userAssertion ?? "";
  const secrets = [...secretsOf(clientCredential), oboAssertion];
  const settings = { sourceName, tenantId, clientId, secrets, request };
  const issued = await exchange(settings, context, (msal, { auth, system }, common) =>
    new msal.ConfidentialClientApplication({
      auth: { ...auth, ...msalCredential(clientCredential) },
      system,
    }).acquireTokenOnBehalfOf({ ...common, oboAssertion, skipCache: true }),
  );
  return { ...issued, principal: { tenantId, clientId } };
}
