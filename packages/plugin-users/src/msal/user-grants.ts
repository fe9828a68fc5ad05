import { entraRetries } from "@azidentity/core/entra";
import { outcomeError, type SourceContext } from "@azidentity/core/plugin";
import type {
  AuthenticationResult,
  ConfidentialClientApplication,
  Configuration,
  PublicClientApplication,
} from "@azure/msal-node";
import type { SignedIn, SignInRequest, UserApplication } from "../user/sign-in.ts";
import { type CommonRequest, type ExchangeContext, exchange } from "./exchange.ts";

type Msal = typeof import("@azure/msal-node");

/** A user who signs in to an application by username and password. */
export interface PasswordUser extends UserApplication {
  readonly username: string;
  readonly password: string;
}

/** MSAL's application object: confidential if there is a client secret. */
export function applicationOf(
  msal: Msal,
  { auth, system }: Configuration,
  { clientSecret }: UserApplication,
): PublicClientApplication | ConfidentialClientApplication {
  if (clientSecret === undefined) return new msal.PublicClientApplication({ auth, system });
  return new msal.ConfidentialClientApplication({ auth: { ...auth, clientSecret }, system });
}

/** One exchange for a user. */
export interface UserExchange {
  readonly application: UserApplication;
  /** Values that are sent, besides the application's secret, and must not be shown. */
  readonly secrets: readonly string[];
  readonly request: SignInRequest;
  readonly context: ExchangeContext;
  /** See `Exchange.isRepeatable`. */
  readonly isRepeatable?: boolean;
}

type UserGrant = (
  msal: Msal,
  configuration: Configuration,
  common: CommonRequest,
) => Promise<AuthenticationResult | null>;

/** Sends one exchange for a user, whose account MSAL reads from the id_token. */
export async function exchangeForUser(
  { application, secrets, request, context, isRepeatable }: UserExchange,
  grant: UserGrant,
): Promise<SignedIn> {
  const { sourceName, clientId, clientSecret } = application;
  const clientSecrets = clientSecret === undefined ? [] : [clientSecret];
  const settings = {
    sourceName,
    tenantId: request.tenantId,
    clientId,
    secrets: [...clientSecrets, ...secrets],
    request,
    isRepeatable,
  };
  const { issued, fields, result } = await exchange(settings, context, grant);
  const account = result?.account;
  if (!account?.homeAccountId || !account.environment) throw withoutAccount(sourceName);
  const { environment: authority, homeAccountId, username } = account;
  const tenantId = result?.tenantId || account.tenantId;
  const principal = { tenantId, objectId: account.localAccountId, clientId, username };
  const refreshToken = fields.refresh_token;
  return {
    issued: { ...issued, account: homeAccountId, principal },
    record: { authority, homeAccountId, clientId, tenantId, username },
    refreshToken: typeof refreshToken === "string" && refreshToken !== "" ? refreshToken : undefined,
  };
}

function withoutAccount(sourceName: string) {
  const message = `${sourceName}: the response does not identify the user: it has no id_token or client_info.`;
  return outcomeError("failed", message, {
    code: "invalid-token-response",
    remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in place of Entra.",
  });
}

/**
 * Renews tokens of a user who has signed in before. RFC 6749 section 6. Entra's refresh tokens are
 * valid for every resource and tenant of the user.
 */
export function redeemRefreshToken(
  application: UserApplication,
  refreshToken: string,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  const exchange = { application, secrets: [refreshToken], request, context };
  return exchangeForUser(exchange, (msal, configuration, common) =>
    applicationOf(msal, configuration, application).acquireTokenByRefreshToken({ ...common, refreshToken }),
  );
}

/**
 * Signs a user in by password. RFC 6749 section 4.3. Microsoft advises against this grant: it fails
 * wherever multi-factor authentication is required.
 */
export function acquireByPassword(
  user: PasswordUser,
  request: SignInRequest,
  context: SourceContext,
): Promise<SignedIn> {
  const { username, password } = user;
  const exchange = { application: user, secrets: [password], request, context, isRepeatable: true };
  const acquire = () =>
    exchangeForUser(exchange, (msal, configuration, common) =>
      applicationOf(msal, configuration, user).acquireTokenByUsernamePassword({ ...common, username, password }),
    );
  return context.retry(entraRetries, acquire, request);
}

/**
 * Signs a user in on another device. RFC 8628. `context.http` shows the code, and answers MSAL's
 * request for the token when the user has signed in. MSAL's own polling uses real timers, fails on
 * `slow_down` and on every transport error, and notices an abort only after its pause.
 */
export function acquireByDeviceCode(
  application: UserApplication,
  request: SignInRequest,
  context: ExchangeContext,
): Promise<SignedIn> {
  return exchangeForUser({ application, secrets: [], request, context }, (msal, configuration, common) => {
    const client = applicationOf(msal, configuration, { ...application, clientSecret: undefined });
    return (client as InstanceType<typeof msal.PublicClientApplication>).acquireTokenByDeviceCode({
      ...common,
      deviceCodeCallback: () => undefined,
    });
  });
}
