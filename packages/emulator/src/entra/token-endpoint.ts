import type { JsonObject, ServerRequest } from "../http/message.ts";
import { type Authority, isSharedName, requireTenant } from "./authority.ts";
import { grants } from "./grants/grants.ts";
import { StsError } from "./sts-error.ts";
import { readTokenForm, requireField } from "./token-request.ts";
import { findHomeTenant } from "./users/home-tenant.ts";

export async function answerTokenRequest(
  authority: Authority,
  request: ServerRequest,
  tenantName: string,
): Promise<JsonObject> {
  if (request.method !== "POST") throw new StsError(900561, { accepted: "POST", received: request.method });
  const form = readTokenForm(request);
  const tenant = (isSharedName(tenantName) && findHomeTenant(authority, form)) || requireTenant(authority, tenantName);
  const grantType = requireField(form, "grant_type");
  const grant = grants.get(grantType);
  if (grant === undefined) throw new StsError(70003, { grantType });
  return grant(authority, { tenant, form, origin: request.url.origin });
}
