import { randomUUID } from "node:crypto";
import { HostRefusal } from "./host-refusal.ts";

/** An identity of Azure's, without secrets: its host vouches for whoever runs there. */
export interface ManagedIdentity {
  readonly clientId: string;
  /** Of its service principal: the `oid` of its tokens. */
  readonly objectId: string;
  /** Of the resource that it is, or (system-assigned) that it belongs to: the `xms_mirid` of its tokens. */
  readonly resourceId: string;
}

/** Whatever is left out is made up. */
export type ManagedIdentityOptions = Partial<ManagedIdentity>;

export interface AssignedIdentities {
  /** Default: one with random ids. `false`: none is assigned. */
  readonly systemAssigned?: boolean | ManagedIdentityOptions;
  /** Default: none. */
  readonly userAssigned?: readonly ManagedIdentityOptions[];
}

export interface Identities {
  readonly systemAssigned: ManagedIdentity | undefined;
  readonly userAssigned: readonly ManagedIdentity[];
}

/** By what a client may name an identity. */
export type IdKind = keyof ManagedIdentity;

export interface IdentityName {
  readonly kind: IdKind;
  readonly value: string;
}

/** The options with every default filled in. `resourceType` is what the host itself is to Azure. */
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

/** The identity that a request names, or the system-assigned one if it names none. */
export function chooseIdentity(identities: Identities, id: IdentityName | undefined): ManagedIdentity {
  const identity = id === undefined ? identities.systemAssigned : findIdentity(identities, id.kind, id.value);
  if (identity !== undefined) return identity;
  throw new HostRefusal(id === undefined ? "no-identity" : "unknown-identity", "Identity not found");
}

/** Azure compares all three kinds of ids without regard to case. */
function findIdentity(identities: Identities, kind: IdKind, id: string): ManagedIdentity | undefined {
  return listIdentities(identities).find((identity) => identity[kind].toLowerCase() === id.toLowerCase());
}

export function listIdentities({ systemAssigned, userAssigned }: Identities): readonly ManagedIdentity[] {
  return systemAssigned === undefined ? userAssigned : [systemAssigned, ...userAssigned];
}
