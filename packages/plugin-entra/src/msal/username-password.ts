import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import type { ExchangeContext } from "./exchange.ts";
import { applicationOf, exchangeForUser } from "./user-exchange.ts";

/** A user who signs in to an application by a password. */
export interface PasswordUser extends UserApplication {
  readonly username: string;
  readonly password: string;
}

/** The tokens of a user. RFC 6749 section 4.3; Microsoft advises against it, and it ends where multi-factor authentication begins. */
export function acquireByPassword(
  user: PasswordUser,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  const { username, password } = user;
  return exchangeForUser(user, [password], request, context, (msal, configuration, common) =>
    applicationOf(msal, configuration, user).acquireTokenByUsernamePassword({ ...common, username, password }),
  );
}
