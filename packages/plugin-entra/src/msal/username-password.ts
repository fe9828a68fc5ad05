import type { IssuedToken, TokenRequest } from "@azidentity/core/plugin";
import { type ExchangeContext, exchange } from "./exchange.ts";

/** A user who signs in to an application by a password. */
export interface PasswordUser {
  readonly who: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** One token for a user. RFC 6749 section 4.3; Microsoft advises against it, and it ends where multi-factor authentication begins. */
export async function acquireByPassword(
  { who, clientId, username, password }: PasswordUser,
  tenantId: string,
  request: TokenRequest,
  context: ExchangeContext,
): Promise<IssuedToken> {
  const settings = { who, tenantId, clientId, secrets: [password], request };
  const issued = await exchange(settings, context, (msal, configuration, common) =>
    new msal.PublicClientApplication(configuration).acquireTokenByUsernamePassword({ ...common, username, password }),
  );
  return { ...issued, principal: { tenantId, clientId, username } };
}
