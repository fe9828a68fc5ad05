import type { Cloud, IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import type { Application } from "../application.ts";
import { openIdDocument, tokenEndpoint } from "../authority.ts";
import type { Proof } from "../proof/proof.ts";
import { regionalHost } from "../region.ts";
import { type ExchangeContext, exchange } from "./exchange.ts";
import { proofOptions, secretsOf } from "./proof-options.ts";

/**
 * What MSAL is told of a tenant whose tokens come from a region. Its own `azureRegion` works for documents that it brings or fetches, and
 * reads the machine's environment.
 */
function inRegion({ authorityHost }: Cloud, tenantId: string, region: string | undefined) {
  if (region === undefined) return {};
  const token_endpoint = tokenEndpoint({ authorityHost: regionalHost(authorityHost, region) }, tenantId);
  return { authorityMetadata: JSON.stringify({ ...openIdDocument(`${authorityHost}/${tenantId}`), token_endpoint }) };
}

/** One token for an application itself, in `tenantId`, from a region's part of Entra or from all of it. RFC 6749 section 4.4. */
export async function acquireForApplication(
  { who, clientId }: Omit<Application, "prove">,
  tenantId: string,
  proof: Proof,
  request: TokenRequest,
  context: ExchangeContext,
  region?: string,
): Promise<IssuedToken> {
  const settings = { who, tenantId, clientId, secrets: secretsOf(proof), request };
  const issued = await exchange(settings, context, (msal, { auth, system }, common) =>
    new msal.ConfidentialClientApplication({
      auth: { ...auth, ...inRegion(context.cloud, tenantId, region), ...proofOptions(proof) },
      system,
    }).acquireTokenByClientCredential({
      ...common,
      skipCache: true,
      azureRegion: "DisableMsalForceRegion", // or MSAL would read MSAL_FORCE_REGION from the environment
    }),
  );
  return { ...issued, principal: { tenantId, clientId } };
}
