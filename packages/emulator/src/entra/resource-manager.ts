import { decodeJwt } from "jose";
import type { JsonObject, ServerRequest } from "../http/message.ts";
import type { Authority } from "./authority.ts";
import { StsError } from "./sts-error.ts";

/** The tenant of the request's access token. */
async function tenantOf({ signingKey, clock }: Authority, { headers }: ServerRequest): Promise<string> {
  const [, token = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  try {
    await signingKey.verify(token, { currentDate: new Date(clock.now()) });
    return String(decodeJwt(token).tid);
  } catch {
    throw new StsError(50027, { reason: "The request has no valid access token." });
  }
}

/** Azure Resource Manager's list of tenants: the tenant of the token. */
export async function listTenants(authority: Authority, request: ServerRequest): Promise<JsonObject> {
  const tenantId = await tenantOf(authority, request);
  return { value: [{ id: `/tenants/${tenantId}`, tenantId, displayName: "Emulator", tenantCategory: "Home" }] };
}

/** Azure Resource Manager's list of subscriptions, which is always empty. */
export async function listSubscriptions(authority: Authority, request: ServerRequest): Promise<JsonObject> {
  await tenantOf(authority, request);
  return { value: [] };
}
