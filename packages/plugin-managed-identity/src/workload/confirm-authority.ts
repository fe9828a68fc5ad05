import { type IdentityError, outcomeError, parseJsonObject, type SourceContext } from "@azidentity/core/plugin";

/** Entra's list of the hosts that sign in; the one of the public cloud knows those of all clouds. */
const directory = "https://login.microsoftonline.com/common/discovery/instance";

const unknown = (who: string, host: string): IdentityError =>
  outcomeError(
    "misconfigured",
    `${who}: Entra does not know the authority ${host}, so the pod's token was not sent there.`,
    {
      code: "unknown-authority",
      remedy: "Correct `authorityHost` or AZURE_AUTHORITY_HOST, or set `disableInstanceDiscovery` for a private cloud.",
    },
  );

/** Asks Entra whether a host that is in no table of clouds is one of its own, before the pod's token goes there. */
export async function confirmAuthority(
  who: string,
  tenantId: string,
  { http, cloud }: Pick<SourceContext, "http" | "cloud">,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(directory);
  url.searchParams.set("api-version", "1.1");
  url.searchParams.set("authorization_endpoint", `${cloud.authorityHost}/${tenantId}/oauth2/v2.0/authorize`);
  const response = await http.send({ method: "GET", url: url.href }, signal);
  const known = parseJsonObject(response.body)?.tenant_discovery_endpoint;
  if (response.status !== 200 || typeof known !== "string") throw unknown(who, cloud.authorityHost);
}
