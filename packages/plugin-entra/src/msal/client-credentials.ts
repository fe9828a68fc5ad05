import type { IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import type { Application } from "../application.ts";
import type { Proof } from "../proof/proof.ts";
import { type ExchangeContext, exchange } from "./exchange.ts";
import { proofOptions, secretsOf } from "./proof-options.ts";

/** One token for an application itself, in `tenantId`. RFC 6749 section 4.4. */
export async function acquireForApplication(
  { who, clientId }: Omit<Application, "prove">,
  tenantId: string,
  proof: Proof,
  request: TokenRequest,
  context: ExchangeContext,
): Promise<IssuedToken> {
  const settings = { who, tenantId, clientId, secrets: secretsOf(proof), request };
  const issued = await exchange(settings, context, (msal, { auth, system }, common) =>
    new msal.ConfidentialClientApplication({
      auth: { ...auth, ...proofOptions(proof) },
      system,
    }).acquireTokenByClientCredential({
      ...common,
      skipCache: true,
      azureRegion: "DisableMsalForceRegion", // or MSAL would read MSAL_FORCE_REGION from the environment
    }),
  );
  return { ...issued, principal: { tenantId, clientId } };
}
