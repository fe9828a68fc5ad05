import { randomUUID } from "node:crypto";
import { HostRefusal } from "./host-refusal.ts";

/** A managed identity. */
export interface ManagedIdentity {
  /** Client id of the service principal: the `appid` of its tokens. */
  readonly clientId: string;
  /** Object id of the service principal: the `oid` of its tokens. */
  readonly objectId: string;
  /**
   * Azure resource id of the identity or, if system-assigned, of its resource: the `xms_mirid` of
   * its tokens.
   */
  readonly resourceId: string;
}

/** Omitted ids are random. */
export type ManagedIdentityOptions = Partial<ManagedIdentity>;

export interface AssignedIdentities {
  /** `false`: none. Default: one with random ids. */
  readonly systemAssigned?: boolean | ManagedIdentityOptions;
  /** The user-assigned identities. Default: none. */
  readonly userAssigned?: readonly ManagedIdentityOptions[];
}

export interface Identities {
  readonly systemAssigned: ManagedIdentity | undefined;
  readonly userAssigned: readonly ManagedIdentity[];
}

/** The kinds of ids of an identity. */
export type IdKind = keyof ManagedIdentity;

export interface IdentityName {
  readonly kind: IdKind;
  readonly value: string;
}

/** Fills in the defaults. `resourceType` is the Azure resource type of the host. */
export function createIdentities(
  { systemAssigned = true, userAssigned = [] }: AssignedIdentities,
  resourceType: string,
): Identities {
  const group = `/subscriptions/${randomUUID()}/resourcegroups/emulator/providers`;
  const create = (options: ManagedIdentityOptions, resourceId: string) => ({
    clientId: options.clientId ?? randomUUID(),
    objectId: options.objectId ?? randomUUID(),
    resourceId: options.resourceId ?? resourceId,
  });
  return {
    systemAssigned:
      systemAssigned === false
        ? undefined
        : create(systemAssigned === true ? {} : systemAssigned, `${group}/${resourceType}/emulator`),
    userAssigned: userAssigned.map((options, index) =>
      create(options, `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/identity-${index + 1}`),
    ),
  };
}

/** The identity of a request, or, without an id, the system-assigned one. */
export function chooseIdentity(identities: Identities, id: IdentityName | undefined): ManagedIdentity {
  const identity = id === undefined ? identities.systemAssigned : findIdentity(identities, id.kind, id.value);
  if (identity !== undefined) return identity;
  throw new HostRefusal(id === undefined ? "no-identity" : "unknown-identity", "Identity not found");
}

/** Ids are compared without letter case. */
function findIdentity(identities: Identities, kind: IdKind, id: string): ManagedIdentity | undefined {
  return listIdentities(identities).find((identity) => identity[kind].toLowerCase() === id.toLowerCase());
}

export function listIdentities({ systemAssigned, userAssigned }: Identities): readonly ManagedIdentity[] {
  return systemAssigned === undefined ? userAssigned : [systemAssigned, ...userAssigned];
}
