import {
  type AuthenticationRecord,
  type AuthenticationRequiredError,
  type Credential,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type SourceContext,
  type TokenRequest,
  withinTime,
} from "@azidentity/core/plugin";
import { checkEntraTenant } from "../authority.ts";
import { redeemRefreshToken } from "../msal/user-grants.ts";
import { entraRetries } from "../retries.ts";
import { type Account, createAccounts } from "./accounts.ts";
import { checkSamePerson } from "./authentication-record.ts";
import { checkAccount, checkTenant } from "./check-answer.ts";
import { createOneQuestion } from "./one-question.ts";
import { createSession, type SessionSettings } from "./session.ts";
import type { SignedIn, SignIn, SignInRequest, UserApplication } from "./sign-in.ts";
import { claimsOf } from "./sign-in-required.ts";

/** Milliseconds for a token without a person, with its retries. The deadline of these sources is as long as a person may take. */
const renewalMs = 30_000;

export interface UserSettings extends SessionSettings {
  readonly application: UserApplication;
  /** Where users sign in unless a request says otherwise: a tenant, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** `false`: tokens are only ever got without a person, until `authenticate()` is called. */
  readonly automatic: boolean;
  readonly signIn: SignIn;
}

const isAboutPerson = (error: unknown) => isIdentityError(error) && error.outcome === "interaction-required";

/** Whether Entra will never take the refresh token again, as opposed to wanting the user for something else. */
function isSpent(error: unknown): boolean {
  if (!(error instanceof Error) || !isAboutPerson(error)) return false;
  const { code, errorResponse } = error as AuthenticationRequiredError;
  return errorResponse?.error === "invalid_grant" && code !== "conditional-access" && code !== "consent-required";
}

/** Gets tokens for whoever is signed in, and has somebody sign in when there is nobody, or Entra wants to see them. */
export function createUserCredential(settings: UserSettings, context: SourceContext): Credential {
  const { application } = settings;
  const { sourceName } = application;
  const accounts = createAccounts(application, context);
  const session = createSession(settings, accounts);

  const tenantOf = ({ tenantId }: TokenRequest) => checkEntraTenant(sourceName, tenantId ?? settings.tenantId);

  const requestFor = (request: TokenRequest, record: AuthenticationRecord | undefined): SignInRequest => ({
    ...request,
    tenantId: tenantOf(request),
    loginHint: record?.username,
  });

  const redeem = ({ record, refreshToken }: Account, request: TokenRequest): Promise<SignedIn> => {
    const late = () => outcomeError("timeout", `${sourceName} had no answer within ${renewalMs / 1000} s.`);
    return withinTime({ clock: context.clock, ms: renewalMs, late }, request.signal, (signal) => {
      const bounded = requestFor({ ...request, signal }, record);
      return context.retry(
        entraRetries,
        () => redeemRefreshToken(application, refreshToken, bounded, context),
        bounded,
      );
    });
  };

  /** A token without a person, by what is kept of whoever is signed in. */
  const renew = async (request: TokenRequest): Promise<IssuedToken> => {
    const record = await session.current();
    if (record === undefined) throw outcomeError("interaction-required", `${sourceName}: nobody is signed in.`);
    let refused: unknown;
    for (let last: string | undefined; ; ) {
      const account = await accounts.read(record.homeAccountId);
      if (account === undefined || account.refreshToken === last) {
        session.end(record);
        throw (
          refused ?? outcomeError("interaction-required", `${sourceName}: the sign-in of the user is not kept here.`)
        );
      }
      if (session.only !== undefined) checkSamePerson(session.only, account.record);
      last = account.refreshToken;
      try {
        const renewed = await redeem(account, request);
        checkAccount(sourceName, record, renewed.record);
        checkTenant(sourceName, tenantOf(request), renewed.record);
        const { refreshToken = last } = renewed;
        if (refreshToken !== last) await accounts.keep({ record: account.record, refreshToken });
        return renewed.issued;
      } catch (error) {
        if (!isSpent(error)) throw error;
        refused = error;
        await accounts.drop(record.homeAccountId, account.refreshToken); // another process may have renewed it: then once more
      }
    }
  };

  /** Has a person sign in. */
  const signIn = async (request: TokenRequest, expected?: AuthenticationRecord): Promise<SignedIn> => {
    const check = (found: AuthenticationRecord) => {
      if (expected !== undefined) checkAccount(sourceName, expected, found);
      checkTenant(sourceName, tenantOf(request), found);
    };
    const arrived = await settings.signIn(requestFor(request, expected), check);
    const { record, refreshToken } = arrived;
    check(record);
    const add = settings.adopts ? accounts.add : accounts.keep;
    if (refreshToken !== undefined) await add({ record, refreshToken });
    return arrived;
  };

  const question = createOneQuestion({
    sourceName,
    automatic: settings.automatic,
    isAboutPerson,
    silent: renew,
    async ask(request, refusal) {
      const claims = request.claims ?? claimsOf(refusal);
      const { issued, record } = await signIn({ ...request, claims }, await session.current());
      session.begin(record);
      return issued;
    },
  });

  return {
    getToken: question.getToken,
    account: async () => (await session.current())?.homeAccountId,
    authenticate: (request) =>
      question.authenticate(request, async () => {
        const { record } = await signIn(request);
        session.takeOver(record);
        return record;
      }),
  };
}
