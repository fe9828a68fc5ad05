import { type Account, findAccount, findUser } from "../accounts.ts";
import type { Application } from "../application.ts";
import { type Authentication, isRevoked } from "../authentication.ts";
import type { Authority } from "../authority.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import { type Interaction, isDevice, type SignInRequest } from "./interaction.ts";

/** What comes next in a sign-in. */
export type Step =
  | { readonly name: "account"; readonly accounts: readonly Account[]; readonly username: string | undefined }
  | { readonly name: "password" | "second-factor"; readonly account: Account }
  | { readonly name: "confirm"; readonly account: Account }
  | { readonly name: "consent"; readonly account: Account; readonly permissions: readonly string[] }
  | { readonly name: "refused"; readonly error: StsError; readonly account: Account }
  | { readonly name: "done"; readonly result: SignInResult };

export interface SignInResult {
  readonly authentication: Authentication;
  readonly tenant: Tenant;
  readonly application: Application;
}

/**
 * The one question that stands between the person and the client. Without a person (`prompt=none`) there are no questions, and what would
 * be one is an error.
 */
export function nextStep(authority: Authority, session: BrowserSession, interaction: Interaction): Step {
  const { request } = interaction;
  const isSilent = request.prompt === "none";
  const account = findPerson(authority, session, interaction);
  if (!("user" in account)) return account;
  const authentication = proofOf(authority, session, interaction, account);
  if (authentication === undefined) {
    if (isSilent) throw new StsError(50058);
    return { name: "password", account };
  }
  try {
    const result = resolve(request, authentication);
    const demand = secondFactorDemand(authority, result, request);
    if (demand !== undefined && isSilent) throw demand;
    if (demand !== undefined) return { name: "second-factor", account };
    if (isDevice(request.destination) && !interaction.hasConfirmed) return { name: "confirm", account };
    const permissions = openConsents(authority, interaction, result);
    if (permissions.length === 0) return { name: "done", result };
    if (isSilent) throw new StsError(65001, { clientId: result.application.clientId });
    return { name: "consent", account, permissions };
  } catch (error) {
    if (error instanceof StsError && !isSilent) return { name: "refused", error, account };
    throw error;
  }
}

/** Who the person is, or the question who. */
function findPerson(authority: Authority, session: BrowserSession, { request, username }: Interaction): Account | Step {
  const { prompt, loginHint, domainHint } = request;
  const hinted = username ?? (prompt === "select_account" ? undefined : loginHint);
  if (hinted !== undefined) {
    const account = findAccount(authority.tenants, hinted);
    if (account === undefined && prompt === "none") throw new StsError(50058);
    return account ?? { name: "account", accounts: [], username: hinted };
  }
  const accounts = signedInAccounts(authority, session, domainHint);
  const [only, ...others] = accounts;
  if (prompt === "none" && only === undefined) throw new StsError(50058);
  if (prompt === "none" && others.length > 0) throw new StsError(16000);
  const asks = prompt === "login" || prompt === "create" || prompt === "select_account";
  if (only === undefined || others.length > 0 || asks) {
    return {
      name: "account",
      accounts: prompt === "login" || prompt === "create" ? [] : accounts,
      username: loginHint,
    };
  }
  return only;
}

function signedInAccounts(
  authority: Authority,
  session: BrowserSession,
  domain: string | undefined,
): readonly Account[] {
  const current = [...session.signedIn.values()].filter((authentication) => !isRevoked(authority, authentication));
  const accounts = current.map(({ account }) => account);
  const ofDomain = accounts.filter(({ user }) => user.username.toLowerCase().endsWith(`@${domain?.toLowerCase()}`));
  return domain === undefined || ofDomain.length === 0 ? accounts : ofDomain;
}

/** What the person has proved: in this sign-in, or before it in the same browser, unless that is not enough (`prompt=login`). */
function proofOf(
  authority: Authority,
  { signedIn }: BrowserSession,
  { authentication, request }: Interaction,
  { user }: Account,
): Authentication | undefined {
  const earlier = request.prompt === "login" ? undefined : signedIn.get(user.username.toLowerCase());
  const proof = authentication ?? earlier;
  return proof === undefined || isRevoked(authority, proof) ? undefined : proof;
}

function resolve({ tenant: asked, application }: SignInRequest, authentication: Authentication): SignInResult {
  const { user, tenant: home } = authentication.account;
  const tenant = asked ?? home;
  if (findUser(tenant, user.username) === undefined) {
    throw new StsError(50020, { user: user.username, tenant: tenant.displayName });
  }
  const { clientId } = application;
  const local = findApplication(tenant, clientId);
  if (local === undefined) throw new StsError(700016, { clientId, tenant: tenant.displayName });
  return { authentication, tenant, application: local };
}

/** The refusal that a second factor would lift; the others are thrown. */
function secondFactorDemand(
  authority: Authority,
  { authentication, application }: SignInResult,
  { scopes, claims }: SignInRequest,
): StsError | undefined {
  try {
    authority.userSessions.conditionalAccess.check({
      authentication,
      clientId: application.clientId,
      resources: scopes.map(({ uri }) => uri),
      claims,
    });
    return undefined;
  } catch (error) {
    if (error instanceof StsError && error.code === 50076) return error;
    throw error;
  }
}

function openConsents(
  authority: Authority,
  { request, hasConsented }: Interaction,
  result: SignInResult,
): readonly string[] {
  if (hasConsented) return [];
  const { scopes, prompt } = request;
  if (prompt === "consent")
    return scopes.flatMap(({ uri, permissions }) => permissions.map((name) => `${uri}/${name}`));
  return authority.userSessions.consents.missing(result.authentication.account.user, result.application, scopes);
}
