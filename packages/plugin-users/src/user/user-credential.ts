import { checkEntraTenant, checkTokenTenant } from "@azidentity/core/entra";
import type { AuthenticationRecord, Credential, SourceContext, TokenRequest } from "@azidentity/core/plugin";
import { createAccounts } from "./accounts.ts";
import { checkAccount } from "./authentication-record.ts";
import { createRenewal, needsUser } from "./renewal.ts";
import { createSession, type SessionSettings } from "./session.ts";
import type { SignedIn, SignIn, SignInRequest, UserApplication } from "./sign-in.ts";
import { claimsOf, createSinglePrompt } from "./single-prompt.ts";

export interface UserSettings extends SessionSettings {
  readonly application: UserApplication;
  /** Default tenant: id or domain, or one of `common`, `organizations`, `consumers`. */
  readonly tenantId: string;
  /** `false`: only `authenticate()` prompts the user. */
  readonly automatic: boolean;
  readonly signIn: SignIn;
}

/**
 * Gets tokens for the signed-in user, and prompts when no user is signed in or Entra requires the
 * user.
 */
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

  /** Prompts the user to sign in, and stores the account. */
  const signIn = async (request: TokenRequest, expected?: AuthenticationRecord): Promise<SignedIn> => {
    const check = (found: AuthenticationRecord) => {
      if (expected !== undefined) checkAccount(sourceName, expected, found);
      checkTokenTenant(sourceName, tenantOf(request), found.tenantId);
    };
    const signedIn = await settings.signIn(requestFor(request, expected), check);
    const { record, refreshToken } = signedIn;
    check(record);
    const store = settings.reuseExistingAccount ? accounts.add : accounts.save;
    if (refreshToken !== undefined) await store({ record, refreshToken });
    return signedIn;
  };

  const prompt = createSinglePrompt({
    sourceName,
    automatic: settings.automatic,
    needsUser,
    silent: createRenewal({ application, accounts, session, requestFor, context }),
    async prompt(request, refusal) {
      const claims = request.claims ?? claimsOf(refusal);
      const { issued, record } = await signIn({ ...request, claims }, await session.current());
      session.begin(record);
      return issued;
    },
  });

  return {
    getToken: prompt.getToken,
    account: async () => (await session.current())?.homeAccountId,
    authenticate: (request) =>
      prompt.authenticate(request, async () => {
        const { record } = await signIn(request);
        session.replace(record);
        return record;
      }),
  };
}
