import type { IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import type { Application } from "../application.ts";
import type { Proof } from "../proof/proof.ts";
import { type ExchangeContext, exchange } from "./exchange.ts";
import { proofOptions, secretsOf } from "./proof-options.ts";

/**
 * One token for an application that acts on behalf of the user whose token it was sent.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export async function acquireOnBehalfOf(
  { who, clientId }: Omit<Application, "prove">,
  tenantId: string,
  proof: Proof,
  request: TokenRequest,
  context: ExchangeContext,
): Promise<IssuedToken> {
  const oboAssertion = request.userAssertion ?? "";
  const settings = { who, tenantId, clientId, secrets: [...secretsOf(proof), oboAssertion], request };
  const issued = await exchange(settings, context, (msal, { auth, system }, common) =>
    new msal.ConfidentialClientApplication({
      auth: { ...auth, ...proofOptions(proof) },
      system,
    }).acquireTokenOnBehalfOf({ ...common, oboAssertion, skipCache: true }),
  );
  return { ...issued, principal: { tenantId, clientId } };
}
