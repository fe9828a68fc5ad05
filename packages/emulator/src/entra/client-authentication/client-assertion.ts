import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { StsError } from "../sts-error.ts";
import { readField, type TokenRequest } from "../token-request.ts";
import { checkLifetime, readAssertion } from "./assertion-token.ts";
import { checkCertificateAssertion } from "./certificate-assertion.ts";
import { checkFederatedAssertion } from "./federated-assertion.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Verifies a client assertion (RFC 7523): signed by a certificate, or by the issuer of a federated
 * credential.
 */
export async function checkClientAssertion(
  authority: Authority,
  request: TokenRequest,
  application: Application,
  text: string,
): Promise<void> {
  const type = readField(request.form, "client_assertion_type");
  if (type === undefined) throw new StsError(900144, { parameter: "client_assertion_type" });
  if (type !== assertionType) throw new StsError(50027, { reason: "The client_assertion_type is not supported." });

  const assertion = readAssertion(text);
  const { iss = "" } = assertion.claims;
  // The issuer of a certificate assertion is the client id; every other issuer is a URL.
  if (URL.canParse(iss) && iss.includes("://")) await checkFederatedAssertion(authority, application, assertion);
  else await checkCertificateAssertion(authority, request, application, assertion);

  checkLifetime(assertion.claims, authority.clock.now() / 1000);
  authority.assertionReplay.check(application.clientId, assertion.claims.jti);
}
