import { emptyOf, emptyVariables, requireWellFormed } from "@azidentity/core/plugin";

export type IdKind = "clientId" | "objectId" | "resourceId";

/**
 * A managed identity: the system-assigned one of the host, or a user-assigned one that is named by
 * one of its ids.
 */
export type ManagedIdentityId =
  | { readonly kind: "system" }
  | { readonly kind: IdKind; readonly id: string; readonly from: "options" | "AZURE_CLIENT_ID" };

export interface ManagedIdentityIdOptions {
  readonly clientId?: string | null | undefined;
  readonly objectId?: string | undefined;
  readonly resourceId?: string | undefined;
}

/** The options that name an identity, of which one at most is set. */
export const idKinds = ["clientId", "objectId", "resourceId"] as const;

/**
 * The identity that the options name (one of them at most is set), else AZURE_CLIENT_ID, as in the
 * Azure SDKs; `clientId: null` selects the system-assigned one.
 */
export function readManagedIdentityId(
  options: ManagedIdentityIdOptions,
  env: Readonly<Record<string, string | undefined>>,
): ManagedIdentityId {
  const [first] = idKinds.flatMap((kind) => {
    const id = options[kind];
    return typeof id === "string" ? [{ kind, id, from: "options" } as const] : [];
  });
  if (first !== undefined) return first;
  if (options.clientId === null || env.AZURE_CLIENT_ID === undefined) return { kind: "system" };
  if (emptyOf(env, ["AZURE_CLIENT_ID"]).length > 0) throw emptyVariables("managed-identity", ["AZURE_CLIENT_ID"]);
  requireWellFormed("managed-identity", env, ["AZURE_CLIENT_ID"]);
  return { kind: "clientId", id: env.AZURE_CLIENT_ID, from: "AZURE_CLIENT_ID" };
}

/** The parameter that names the identity in a request; none for the system-assigned one. */
export function idParameter(
  identity: ManagedIdentityId,
  names: Partial<Record<IdKind, string>>,
): Record<string, string> {
  const name = identity.kind === "system" ? undefined : names[identity.kind];
  return name === undefined || identity.kind === "system" ? {} : { [name]: identity.id };
}

const kindNames: Readonly<Record<IdKind, string>> = {
  clientId: "client id",
  objectId: "object id",
  resourceId: "resource id",
};

/** Characters of an id in a message; the end of a resource id tells identities apart. */
const maxIdLength = 60;

const shorten = (id: string) => (id.length > maxIdLength ? `…${id.slice(-maxIdLength)}` : id).replaceAll('"', "'");

/** For messages, like `the user-assigned identity that AZURE_CLIENT_ID names (client id 1234)`. */
export function describeIdentity(identity: ManagedIdentityId): string {
  if (identity.kind === "system") return "the system-assigned identity";
  const origin = identity.from === "AZURE_CLIENT_ID" ? " that AZURE_CLIENT_ID names" : "";
  return `the user-assigned identity${origin} (${kindNames[identity.kind]} ${shorten(identity.id)})`;
}

/** The remedy for an identity that the host rejects. */
export function identityRemedy(identity: ManagedIdentityId): string {
  if (identity.kind === "system")
    return "Name an assigned one by `clientId` or AZURE_CLIENT_ID, or enable the host's system-assigned identity.";
  if (identity.from === "options") return "Assign that identity to the host, or correct the id.";
  return "Assign that identity to the host, correct AZURE_CLIENT_ID, or select the system-assigned identity with `clientId: null`.";
}
