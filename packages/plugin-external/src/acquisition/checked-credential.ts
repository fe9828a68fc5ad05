import {
  type Credential,
  type IssuedToken,
  isGuid,
  jwtPayload,
  outcomeError,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { createPrincipalPin } from "./principal-pin.ts";
import { type TenantOption, wantedTenant } from "./tenant-option.ts";

/** One acquisition, and the tenant to ask for; `undefined`: the program's own. */
export type Acquire = (request: TokenRequest, tenantId: string | undefined) => Promise<IssuedToken>;

/** Refuses a token of another tenant than the one that was asked for, as far as both are ids. */
function checkTenant(label: string, { token, principal }: IssuedToken, wanted: string | undefined): void {
  if (!isGuid(wanted)) return;
  const named = [jwtPayload(token)?.tid, principal?.tenantId].filter((tenant) => isGuid(tenant));
  const foreign = named.find((tenant) => tenant.toLowerCase() !== wanted.toLowerCase());
  if (foreign === undefined) return;
  throw outcomeError("misconfigured", `${label}: It gave a token of the tenant ${foreign}, not of ${wanted}.`, {
    code: "other-tenant",
    remedy: "It was discarded. Correct `tenantId`, or let the program use that tenant.",
  });
}

/**
 * Refuses a token that its program has kept for too long, or that has another time than this
 * machine.
 */
function checkExpiry(label: string, { expiresOnTimestamp }: IssuedToken, now: number): void {
  if (expiresOnTimestamp > now) return;
  const at = `${new Date(expiresOnTimestamp).toISOString().slice(0, 19)}Z`;
  throw outcomeError("failed", `${label}: It gave a token that expired at ${at}.`, {
    code: "invalid-token",
    remedy: "Check the clock of this machine, and whether the program keeps tokens for too long.",
  });
}

/**
 * A credential whose tokens are valid and of the requested tenant, and whose principal is pinned.
 */
export function checkedCredential(
  label: string,
  options: TenantOption,
  context: SourceContext,
  acquire: Acquire,
): Credential {
  const pin = createPrincipalPin();
  return {
    async getToken(request) {
      request.signal.throwIfAborted();
      const wanted = wantedTenant(options, context, request);
      const issued = await acquire(request, wanted);
      checkExpiry(label, issued, context.clock.now());
      checkTenant(label, issued, wanted);
      return { ...issued, account: pin(wanted, issued) };
    },
  };
}
