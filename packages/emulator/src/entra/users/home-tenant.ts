import type { Authority } from "../authority.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { readField } from "../token-request.ts";
import { findAccount } from "./accounts.ts";

/**
 * The tenant of a token request under a shared name (`common`, `organizations`): that of the user
 * of the code, token or device. Without a user it is any tenant with this client, which then
 * refuses the request.
 */
export function findHomeTenant({ tenants, userSessions }: Authority, form: URLSearchParams): Tenant | undefined {
  const field = (name: string) => readField(form, name) ?? "";
  const { codes, refreshTokens, devices } = userSessions;
  const answer = devices.get(field("device_code"))?.answer;
  const account =
    refreshTokens.get(field("refresh_token"))?.authentication.account ??
    (answer === "declined" ? undefined : answer?.account) ??
    findAccount(tenants, field("username"));
  return codes.get(field("code"))?.tenant ?? account?.tenant ?? findAnyTenant(tenants, form);
}

function findAnyTenant(tenants: readonly Tenant[], form: URLSearchParams): Tenant | undefined {
  if (!["code", "refresh_token", "device_code", "username"].some((name) => form.has(name))) return undefined;
  return tenants.find((tenant) => findApplication(tenant, form.get("client_id") ?? "") !== undefined);
}
