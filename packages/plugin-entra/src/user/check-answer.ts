import { type AuthenticationRecord, isGuid, outcomeError } from "@azidentity/core/plugin";

/** A token of another tenant than the one asked for is refused, whoever made the mistake. */
export function checkTenant(sourceName: string, asked: string, { tenantId }: AuthenticationRecord): void {
  if (!isGuid(asked) || asked.toLowerCase() === tenantId.toLowerCase()) return;
  throw outcomeError("rejected", `${sourceName}: the tenant ${asked} was asked for, and ${tenantId} answered.`, {
    code: "another-tenant",
    remedy: "Sign in with an account that is a member or a guest of that tenant.",
  });
}

/** A token of another account than whose is wanted is refused. */
export function checkAccount(sourceName: string, wanted: AuthenticationRecord, found: AuthenticationRecord): void {
  if (found.homeAccountId === wanted.homeAccountId) return;
  throw outcomeError("rejected", `${sourceName}: ${found.username} signed in instead of ${wanted.username}.`, {
    code: "another-account",
    remedy: `Sign in as ${wanted.username}, or call authenticate() to let somebody else take over.`,
  });
}
