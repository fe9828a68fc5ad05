import type { AuthenticationRecord, IssuedToken, TokenRequest } from "@azidentity/core/plugin";

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
