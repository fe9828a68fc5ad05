import type { parseEntraError } from "@azidentity/core/entra";
import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

type EntraErrorBody = NonNullable<ReturnType<typeof parseEntraError>>;

/**
 * AADSTS65004: the user declined consent. `access_denied` also covers other causes, such as 50105
 * (not assigned).
 */
const consentDeclined = 65004;

/**
 * Whether the user declined at the sign-in page. RFC 6749 section 4.1.2.1; for device codes
 * Microsoft uses `authorization_declined`.
 */
export function isDeclined({ error, errorCodes = [] }: Pick<EntraErrorBody, "error" | "errorCodes">): boolean {
  if (error === "authorization_declined") return true;
  return error === "access_denied" && errorCodes.every((number) => number === consentDeclined);
}

export function declined(sourceName: string): IdentityError {
  return outcomeError("cancelled", `${sourceName}: the user declined at the sign-in page.`, {
    code: "sign-in-declined",
    remedy: "Sign in again, and accept if you trust the application.",
  });
}
