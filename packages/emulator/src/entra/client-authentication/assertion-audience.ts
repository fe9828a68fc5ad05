import { aliasesOf } from "../clouds.ts";
import type { TokenRequest } from "../token-request.ts";

/**
 * Whether the audience is the token endpoint of the tenant or the issuer of its v2.0 tokens, under
 * the host name that the client called or another name of the same cloud.
 */
export function isAssertionAudience({ tenant, origin }: TokenRequest, audience: string): boolean {
  if (!URL.canParse(audience)) return false;
  const url = new URL(audience);
  const { host } = new URL(origin);
  const [name = "", ...path] = url.pathname.replace(/^\/|\/$/g, "").split("/");
  return (
    url.protocol === "https:" &&
    aliasesOf(host).includes(url.host) &&
    [tenant.tenantId, ...tenant.domains].some((known) => known.toLowerCase() === name.toLowerCase()) &&
    ["oauth2/v2.0/token", "oauth2/token", "v2.0"].includes(path.join("/"))
  );
}
