import { clientCredentials } from "./client-credentials.ts";
import type { Grant } from "./grant.ts";

/** By `grant_type`. */
export const grants: ReadonlyMap<string, Grant> = new Map([["client_credentials", clientCredentials]]);
