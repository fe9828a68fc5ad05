import { HostRefusal } from "./host-refusal.ts";
import { findIdentity, type Identities, type ManagedIdentity } from "./managed-identities.ts";
import type { HostParameters } from "./parameters.ts";

/** The identity that a request names, or the system-assigned one if it names none. */
export function chooseIdentity(identities: Identities, id: HostParameters["id"]): ManagedIdentity {
  const identity = id === undefined ? identities.systemAssigned : findIdentity(identities, id.kind, id.value);
  if (identity !== undefined) return identity;
  throw new HostRefusal(id === undefined ? "no-identity" : "unknown-identity", "Identity not found");
}
