import type { SourceContext } from "../contract/context.ts";
import type { HttpRequest, HttpResponse } from "../contract/system-services.ts";
import { entraError, parseEntraError } from "../errors/entra-error.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { readJsonAnswer } from "./json-answer.ts";

/** Entra's instance discovery. That of the public cloud lists the hosts of all clouds. */
const discoveryUrl = "https://login.microsoftonline.com/common/discovery/instance";

/**
 * Asks Entra whether it knows an authority that is in no table of clouds, before a secret is sent
 * there. Only the answer counts: hosts that the response names are not used.
 * Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 *
 * @param sourceName prefix of error messages
 * @throws {CredentialUnavailableError} `incomplete-response`
 * @throws {AuthenticationError} `unknown-authority`, `captive-portal`, and what else Entra answers
 */
export async function confirmAuthority(
  sourceName: string,
  tenantId: string,
  { cloud, clock }: Pick<SourceContext, "cloud" | "clock">,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<void> {
  const url = new URL(discoveryUrl);
  url.searchParams.set("api-version", "1.1");
  url.searchParams.set("authorization_endpoint", `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
  const response = await send({ method: "GET", url: url.href });
  if (response.status !== 200 && parseEntraError(response.body)?.error !== "invalid_instance")
    throw entraError(sourceName, response, clock.now());
  const isAnswered = response.status === 200;
  if (isAnswered && typeof readJsonAnswer(sourceName, response)?.tenant_discovery_endpoint === "string") return;
  const outcome = isAnswered ? "failed" : "misconfigured";
  throw outcomeError(outcome, `${sourceName}: Entra did not confirm the authority ${cloud.authorityHost}.`, {
    code: "unknown-authority",
    remedy:
      "Nothing was sent there. Correct `authorityHost` or AZURE_AUTHORITY_HOST, or set `disableInstanceDiscovery` for a private cloud.",
  });
}
