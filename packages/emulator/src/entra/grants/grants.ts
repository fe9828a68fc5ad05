import { clientCredentials } from "./client-credentials.ts";
import type { Grant } from "./grant.ts";
import { onBehalfOf } from "./on-behalf-of.ts";

/** By `grant_type`. */
export const grants: ReadonlyMap<string, Grant> = new Map([
  ["client_credentials", clientCredentials],
  ["urn:ietf:params:oauth:grant-type:jwt-bearer", onBehalfOf],
]);
