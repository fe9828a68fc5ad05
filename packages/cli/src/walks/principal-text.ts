import type { Principal } from "@azidentity/core";

/** What a person reads of a principal: the name of a user, or the id of an application. */
export function nameOfPrincipal({ username, clientId, objectId }: Principal): string {
  return username ?? clientId ?? objectId ?? "a principal without a name";
}
