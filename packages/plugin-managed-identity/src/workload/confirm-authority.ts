import { type IdentityError, outcomeError, parseJsonObject, type SourceContext } from "@azidentity/core/plugin";

/** Entra's instance discovery; that of the public cloud lists the hosts of all clouds. */
const discoveryUrl = "https://login.microsoftonline.com/common/discovery/instance";

const unknown = (label: string, host: string): IdentityError =>
  outcomeError(
    "misconfigured",
    `${label}: Entra does not know the authority ${host}, so the pod's token was not sent there.`,
    {
      code: "unknown-authority",
      remedy: "Correct `authorityHost` or AZURE_AUTHORITY_HOST, or set `disableInstanceDiscovery` for a private cloud.",
    },
  );

/**
 * Checks with Entra that an authority which is in no table of clouds is one of its own, before the
 * pod's token is sent there.
 */
export async function confirmAuthority(
  label: string,
  tenantId: string,
  { http, cloud }: Pick<SourceContext, "http" | "cloud">,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(discoveryUrl);
  url.searchParams.set("api-version", "1.1");
  url.searchParams.set("authorization_endpoint", `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
  const response = await http.send({ method: "GET", url: url.href }, signal);
  const known = parseJsonObject(response.body)?.tenant_discovery_endpoint;
  if (response.status !== 200 || typeof known !== "string") throw unknown(label, cloud.authorityHost);
}
