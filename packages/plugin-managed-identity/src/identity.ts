import { emptyOf, emptyVariables, outcomeError } from "@azidentity/core/plugin";

export type IdKind = "clientId" | "objectId" | "resourceId";

/** Which managed identity is meant: the machine's own, or one that was assigned to it and is named by one of its ids. */
export type Identity =
  | { readonly kind: "system" }
  | { readonly kind: IdKind; readonly id: string; readonly from: "options" | "AZURE_CLIENT_ID" };

export interface IdentityOptions {
  readonly clientId?: string | null | undefined;
  readonly objectId?: string | undefined;
  readonly resourceId?: string | undefined;
}

const kinds: readonly IdKind[] = ["clientId", "objectId", "resourceId"];

/** The identity that options name, else AZURE_CLIENT_ID, as in the Azure SDKs; `clientId: null` insists on the system-assigned one. */
export function readIdentity(options: IdentityOptions, env: Readonly<Record<string, string | undefined>>): Identity {
  const named = kinds.flatMap((kind) => {
    const id = options[kind];
    return typeof id === "string" ? [{ kind, id, from: "options" } as const] : [];
  });
  const [first, ...others] = named;
  if (others.length > 0 || (first !== undefined && options.clientId === null)) {
    throw outcomeError("misconfigured", `managed-identity was given several ids: ${given(options).join(", ")}.`, {
      code: "several-ids",
      remedy: "Name one identity by one of its ids.",
    });
  }
  if (first?.id.trim() === "") {
    throw outcomeError("misconfigured", `managed-identity was given an empty \`${first.kind}\`.`, {
      code: "empty-id",
      remedy: "Give an id, leave it out, or write `clientId: null` for the system-assigned identity.",
    });
  }
  if (first !== undefined) return first;
  if (options.clientId === null || env.AZURE_CLIENT_ID === undefined) return { kind: "system" };
  if (emptyOf(env, ["AZURE_CLIENT_ID"]).length > 0) throw emptyVariables("managed-identity", ["AZURE_CLIENT_ID"]);
  return { kind: "clientId", id: env.AZURE_CLIENT_ID, from: "AZURE_CLIENT_ID" };
}

const given = (options: IdentityOptions) => kinds.filter((kind) => options[kind] !== undefined);

/** The parameter by which a host is told the identity; none for the system-assigned one. */
export function idParameter(identity: Identity, names: Partial<Record<IdKind, string>>): Record<string, string> {
  const name = identity.kind === "system" ? undefined : names[identity.kind];
  return name === undefined || identity.kind === "system" ? {} : { [name]: identity.id };
}

const words: Readonly<Record<IdKind, string>> = {
  clientId: "client id",
  objectId: "object id",
  resourceId: "resource id",
};

/** For messages, e.g. `the user-assigned identity that AZURE_CLIENT_ID names (client id 1234)`. */
export function describeIdentity(identity: Identity): string {
  if (identity.kind === "system") return "the system-assigned identity";
  const origin = identity.from === "AZURE_CLIENT_ID" ? " that AZURE_CLIENT_ID names" : "";
  return `the user-assigned identity${origin} (${words[identity.kind]} ${identity.id})`;
}

/** What to do about an identity that the host does not want. */
export function adviseOn(identity: Identity): string {
  if (identity.kind === "system") return "Assign an identity to it, or name one that is assigned with `clientId`.";
  if (identity.from === "options") return "Assign that identity to it, or correct the id.";
  return "Assign that identity to it, correct AZURE_CLIENT_ID, or insist on the system-assigned identity with `clientId: null`.";
}
