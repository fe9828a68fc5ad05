import type { TokenRequest } from "@azidentity/core/plugin";
import type { SignedIn } from "../msal/user-exchange.ts";

/** The application in which users sign in. */
export interface UserApplication {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
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

/** Has a person sign in: the one thing in which the sources of users differ. Ends at once with the signal of the request. */
export type SignIn = (request: SignInRequest) => Promise<SignedIn>;
