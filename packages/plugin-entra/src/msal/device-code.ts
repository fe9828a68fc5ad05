import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import type { ExchangeContext } from "./exchange.ts";
import { applicationOf, exchangeForUser } from "./user-exchange.ts";

/**
 * The tokens of a user who signs in on another device. RFC 8628. `context.http` shows the code and answers when the user has signed in: MSAL
 * itself would ask on real timers, end at `slow_down` and at every failure, and notice an abort a pause later.
 */
export function acquireByDeviceCode(
  application: UserApplication,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  return exchangeForUser(application, [], request, context, (msal, configuration, common) => {
    const client = applicationOf(msal, configuration, { ...application, clientSecret: undefined });
    return (client as InstanceType<typeof msal.PublicClientApplication>).acquireTokenByDeviceCode({
      ...common,
      deviceCodeCallback: () => undefined,
    });
  });
}
