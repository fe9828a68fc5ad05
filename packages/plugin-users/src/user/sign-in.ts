import type { parseEntraError } from "@azidentity/core/entra";
import {
  type AuthenticationRecord,
  type IdentityError,
  type IssuedToken,
  outcomeError,
  type TokenRequest,
} from "@azidentity/core/plugin";

/** The application that users sign in to. */
export interface UserApplication {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  /** Application (client) id. */
  readonly clientId: string;
  /** Secret of a confidential client; `undefined`: a public client. */
  readonly clientSecret?: string | undefined;
}

/** A token request of a sign-in or renewal. */
export interface SignInRequest extends TokenRequest {
  /** Id or domain of the tenant, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** Account name of the signed-in user, if the prompt is for them. */
  readonly loginHint: string | undefined;
}

/** The result of a sign-in or renewal. */
export interface SignedIn {
  readonly issued: IssuedToken;
  readonly record: AuthenticationRecord;
  /** Renews tokens without the user; Entra issues one if `offline_access` is granted. */
  readonly refreshToken: string | undefined;
}

/**
 * Prompts the user to sign in; what differs between the sources of users. Rejects as soon as the
 * signal of the request is aborted. `check` throws for an unexpected user; implementations call it
 * before they report success to the user.
 */
export type SignIn = (request: SignInRequest, check: (found: AuthenticationRecord) => void) => Promise<SignedIn>;

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
