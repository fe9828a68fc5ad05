import type { AuthenticationRecord, IssuedToken, TokenRequest } from "@azidentity/core/plugin";

/** The application in which users sign in. */
export interface UserApplication {
  /** Name of the source; starts the messages of errors. */
  readonly sourceName: string;
  /** Application (client) id. */
  readonly clientId: string;
  /** Of a confidential application. */
  readonly clientSecret?: string | undefined;
}

/** A request for which a user signs in, or is renewed. */
export interface SignInRequest extends TokenRequest {
  /** Id or domain of the tenant, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** Account name of whoever is signed in already and has to do something more; the page may fill it in. */
  readonly loginHint: string | undefined;
}

/** What a sign-in, or its renewal, brings. */
export interface SignedIn {
  readonly issued: IssuedToken;
  readonly record: AuthenticationRecord;
  /** Renews tokens without the user; Entra gives one whenever `offline_access` is granted. */
  readonly refreshToken: string | undefined;
}

/**
 * Has a person sign in: the one thing in which the sources of users differ. Ends at once with the signal of the request. `check` throws at
 * somebody who was not asked for; who tells a person that all went well asks it first.
 */
export type SignIn = (request: SignInRequest, check: (found: AuthenticationRecord) => void) => Promise<SignedIn>;
