import { type Principal, principalOf } from "@azidentity/core";
import { plainLine } from "../terminal/plain-text.ts";

/** Whose token it is, in words, and by which source of a chain. */
export function describeIdentity(token: { readonly token: string }, source: string | undefined): string {
  const principal: Principal = principalOf(token);
  const { username, clientId, objectId, tenantId } = principal;
  const who = username ?? (clientId === undefined ? objectId : `application ${clientId}`) ?? "an unknown principal";
  const where = tenantId === undefined ? "" : `, tenant ${tenantId}`;
  return plainLine(`${who}${where}${source === undefined ? "" : `, by ${source}`}`);
}
