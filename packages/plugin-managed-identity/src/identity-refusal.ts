import type { ErrorClass, HostErrorBody } from "./host.ts";
import type { ManagedIdentityId } from "./managed-identity-id.ts";

/** Several identities are assigned, and the request has to name one. */
const several = /\bmultiple user assigned identities\b/i;

/** The identity is not assigned to the host, in the words of any host. */
const notAssigned =
  /\b(?:no|not find|not found)\b.{0,200}\bidentity\b|\bidentity\b.{0,200}\bnot found\b|\bunable to load the proper managed identity\b/i;

/**
 * How an answer is classified in which a host says that it has not the identity of the request;
 * `undefined` for any other answer. All hosts share it: they run the same code below their own.
 */
export function classifyIdentityRefusal(
  { status, code, text = "" }: HostErrorBody,
  identity: ManagedIdentityId,
): ErrorClass | undefined {
  if (code === "ManagedIdentityNotFound") return { outcome: "rejected", code: "identity-not-found" };
  if (status !== 400) return undefined;
  if (several.test(text)) {
    const meaning = identity.kind === "system" ? "This host has several identities, and none is named." : undefined;
    return { outcome: "rejected", code: "identity-not-found", meaning };
  }
  return notAssigned.test(text) ? { outcome: "rejected", code: "identity-not-found" } : undefined;
}
