/** Checks of what a client wants. */
import { quote } from "@azidentity/core/plugin";
import type { RelayPolicy } from "../policy.ts";
import { Refusal } from "../refusal.ts";
import type { Wanted } from "../relay-request.ts";

/**
 * Refuses parameters that choose an identity: the relay has one, and would give that one's token.
 */
export function checkIdentity({ identityParameter }: Wanted): void {
  if (identityParameter === undefined) return;
  throw new Refusal("identity-parameter", `The relay has one identity, and does not know ${identityParameter}.`, {
    remedy: "Leave out the client id of the managed identity, and unset AZURE_CLIENT_ID.",
  });
}

/** The scopes to request. */
export function checkScopes({ scopes }: Wanted, { scopes: list }: RelayPolicy): readonly [string, ...string[]] {
  const [first, ...others] = scopes.map((scope) => checkScope(scope, list));
  return [first as string, ...others];
}

function checkScope(scope: string, list: RelayPolicy["scopes"]): string {
  const found = list.find(scope);
  if (found !== undefined) return found;
  const shown = quote(scope, 100);
  throw new Refusal("scope-not-allowed", `The relay gives no tokens for ${shown}.`, {
    remedy: "If they are meant to be given, add --allow with this scope to azid serve.",
  });
}

/** @param scopes those of the allow-list */
export async function checkTenant(
  { tenantId }: Wanted,
  scopes: readonly string[],
  { isAllowedTenant }: RelayPolicy,
): Promise<void> {
  if (tenantId === undefined || (await isAllowedTenant(tenantId, scopes))) return;
  throw new Refusal("tenant-not-allowed", `The relay gives no tokens of the tenant ${quote(tenantId, 100)}.`, {
    remedy: "If they are meant to be given, add --allow-tenant with it to azid serve.",
  });
}
