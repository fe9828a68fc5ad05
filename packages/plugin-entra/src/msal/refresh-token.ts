import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import type { ExchangeContext } from "./exchange.ts";
import { applicationOf, exchangeForUser } from "./user-exchange.ts";

/** A token for a user who has signed in before. RFC 6749 section 6; Entra's refresh tokens are good for every resource and tenant of the user. */
export function redeemRefreshToken(
  application: UserApplication,
  refreshToken: string,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  return exchangeForUser(application, [refreshToken], request, context, (msal, configuration, common) =>
    applicationOf(msal, configuration, application).acquireTokenByRefreshToken({ ...common, refreshToken }),
  );
}
