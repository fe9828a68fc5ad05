import type { JsonObject, ServerRequest } from "../http/message.ts";
import { findAccount } from "./accounts.ts";
import { type Authority, isSharedName, requireTenant } from "./authority.ts";
import { findApplication, type Tenant } from "./directory.ts";
import { grants } from "./grants/grants.ts";
import { StsError } from "./sts-error.ts";
import { readField, readTokenForm, requireField } from "./token-fields.ts";

export async function answerTokenRequest(
  authority: Authority,
  request: ServerRequest,
  tenantName: string,
): Promise<JsonObject> {
  if (request.method !== "POST") throw new StsError(900561, { accepted: "POST", received: request.method });
  const form = readTokenForm(request);
  const tenant = (isSharedName(tenantName) && homeTenant(authority, form)) || requireTenant(authority, tenantName);
  const grantType = requireField(form, "grant_type");
  const grant = grants.get(grantType);
  if (grant === undefined) throw new StsError(70003, { grantType });
  return grant(authority, { tenant, form, origin: request.url.origin });
}

/** The tenant that a shared name stands for: that of the user whom the client has something of; until there is one, any that knows the client. */
function homeTenant({ tenants, userSessions }: Authority, form: URLSearchParams): Tenant | undefined {
  const field = (name: string) => readField(form, name) ?? "";
  const device = userSessions.devices.get(field("device_code"));
  const answered = device?.answer === "declined" ? undefined : device?.answer;
  const authentication = userSessions.refreshTokens.get(field("refresh_token"))?.authentication ?? answered;
  const account = authentication?.account ?? findAccount(tenants, field("username"));
  const isUsers = ["code", "refresh_token", "device_code", "username"].some((name) => form.has(name));
  const known = isUsers ? tenants.find((tenant) => findApplication(tenant, field("client_id"))) : undefined;
  return userSessions.codes.get(field("code"))?.tenant ?? account?.tenant ?? known;
}
