import { checkTokenTenant, entraRetries } from "@azidentity/core/entra";
import {
  type AuthenticationRecord,
  type AuthenticationRequiredError,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type SourceContext,
  type TokenRequest,
  withinTime,
} from "@azidentity/core/plugin";
import { redeemRefreshToken } from "../msal/user-grants.ts";
import type { Account, Accounts } from "./accounts.ts";
import { checkAccount, checkSameUser } from "./authentication-record.ts";
import type { Session } from "./session.ts";
import type { SignedIn, SignInRequest, UserApplication } from "./sign-in.ts";

/**
 * Timeout of a renewal with its retries. The deadline of the source is longer: it includes prompts.
 */
const renewalTimeoutMs = 30_000;

export interface RenewalSettings {
  readonly application: UserApplication;
  readonly accounts: Accounts;
  readonly session: Session;
  /** Adds the tenant and the user to a request. */
  readonly requestFor: (request: TokenRequest, record: AuthenticationRecord) => SignInRequest;
  readonly context: SourceContext;
}

/** Whether a prompt could resolve this failure. */
export const needsUser = (error: unknown) => isIdentityError(error) && error.outcome === "interaction-required";

/**
 * Whether Entra will never accept the refresh token again; `false` if it requires the user for
 * another reason.
 */
function isSpent(error: unknown): boolean {
  if (!(error instanceof Error) || !needsUser(error)) return false;
  const { code, errorResponse } = error as AuthenticationRequiredError;
  return errorResponse?.error === "invalid_grant" && code !== "conditional-access" && code !== "consent-required";
}

/** Gets tokens for the signed-in user by the stored refresh token, without a prompt. */
export function createRenewal({ application, accounts, session, requestFor, context }: RenewalSettings) {
  const { sourceName } = application;

  const redeem = ({ record, refreshToken }: Account, request: TokenRequest): Promise<SignedIn> => {
    const late = () =>
      outcomeError("timeout", `${sourceName}: no response within ${renewalTimeoutMs / 1000} s.`, {
        remedy: "Check the network and HTTPS_PROXY.",
      });
    return withinTime({ clock: context.clock, ms: renewalTimeoutMs, late }, request.signal, (signal) => {
      const bounded = requestFor({ ...request, signal }, record);
      const attempt = () => redeemRefreshToken(application, refreshToken, bounded, context);
      return context.retry(entraRetries, attempt, bounded);
    });
  };

  const renewAccount = async (account: Account, record: AuthenticationRecord, request: TokenRequest) => {
    const renewed = await redeem(account, request);
    checkAccount(sourceName, record, renewed.record);
    checkTokenTenant(sourceName, requestFor(request, record).tenantId, renewed.record.tenantId);
    const { refreshToken = account.refreshToken } = renewed;
    if (refreshToken !== account.refreshToken) await accounts.save({ record: account.record, refreshToken });
    return renewed.issued;
  };

  return async (request: TokenRequest): Promise<IssuedToken> => {
    const record = await session.current();
    if (record === undefined)
      throw outcomeError("interaction-required", `${sourceName}: no user is signed in.`, {
        remedy: "Sign in: call authenticate().",
      });
    let refused: unknown;
    for (let last: string | undefined; ; ) {
      const account = await accounts.read(record.homeAccountId);
      if (account === undefined || account.refreshToken === last) {
        session.end(record);
        throw (
          refused ??
          outcomeError("interaction-required", `${sourceName}: the user's sign-in is not stored here.`, {
            remedy: "Sign in: call authenticate().",
          })
        );
      }
      if (session.requiredUser !== undefined) checkSameUser(session.requiredUser, account.record);
      last = account.refreshToken;
      try {
        return await renewAccount(account, record, request);
      } catch (error) {
        if (!isSpent(error)) throw error;
        refused = error;
        // another process may have stored a newer refresh token meanwhile: then it is tried, too
        await accounts.remove(record.homeAccountId, account.refreshToken);
      }
    }
  };
}
