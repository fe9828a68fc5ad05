import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { type Account, findAccount, findUser } from "../users/accounts.ts";
import { type Authentication, describeForPolicies, isRevoked } from "../users/authentication.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import { type Interaction, isDevice, type SignInRequest } from "./interaction.ts";

/** The next step of a sign-in: a page, or the end. */
export type Step =
  | { readonly name: "account"; readonly accounts: readonly Account[]; readonly username: string | undefined }
  | { readonly name: "create"; readonly tenant: Tenant | undefined }
  | { readonly name: "password" | "confirm"; readonly account: Account }
  | { readonly name: "second-factor"; readonly account: Account; readonly authentication: Authentication }
  | { readonly name: "consent"; readonly account: Account; readonly permissions: readonly string[] }
  | { readonly name: "refused"; readonly account: Account; readonly error: StsError }
  | { readonly name: "done"; readonly result: SignInResult };

export interface SignInResult {
  readonly authentication: Authentication;
  readonly tenant: Tenant;
  readonly application: Application;
}

/**
 * Derives the next step from the request and the completed steps. With `prompt=none` a page is an
 * error.
 */
export function nextStep(authority: Authority, session: BrowserSession, interaction: Interaction): Step {
  const { request } = interaction;
  const isSilent = request.prompt === "none";
  const promptOrThrow = (page: Step, error: StsError): Step => {
    if (isSilent) throw error;
    return page;
  };
  if (request.prompt === "create" && interaction.username === undefined && !interaction.usesAnotherAccount) {
    return { name: "create", tenant: request.tenant };
  }

  const account = findUserOrChoices(authority, session, interaction);
  if (!("user" in account)) {
    const page: Step = { name: "account", accounts: account, username: interaction.username ?? request.loginHint };
    return promptOrThrow(page, new StsError(account.length > 1 ? 16000 : 50058));
  }
  const authentication = findAuthentication(authority, session, interaction, account);
  if (authentication === undefined) return promptOrThrow({ name: "password", account }, new StsError(50058));
  try {
    const result = resolve(request, authentication);
    const mfaRequirement = findMfaRequirement(authority, result, request);
    if (mfaRequirement !== undefined)
      return promptOrThrow({ name: "second-factor", account, authentication }, mfaRequirement);
    if (isDevice(request.destination) && !interaction.hasConfirmed) return { name: "confirm", account };
    const permissions = findMissingConsents(authority, interaction, result);
    if (permissions.length === 0) return { name: "done", result };
    const { clientId } = result.application;
    return promptOrThrow({ name: "consent", account, permissions }, new StsError(65001, { clientId }));
  } catch (error) {
    if (error instanceof StsError) return promptOrThrow({ name: "refused", account, error }, error);
    throw error;
  }
}

/** The account, or the accounts to choose from. */
function findUserOrChoices(
  authority: Authority,
  session: BrowserSession,
  { request, username, usesAnotherAccount }: Interaction,
): Account | readonly Account[] {
  const { prompt, loginHint, domainHint } = request;
  const name = username ?? (prompt === "select_account" || usesAnotherAccount ? undefined : loginHint);
  if (name !== undefined) return findAccount(authority.tenants, name) ?? [];
  if (prompt === "login" || usesAnotherAccount) return [];
  const accounts = findSignedIn(authority, session, domainHint);
  const [single, ...others] = accounts;
  return single === undefined || others.length > 0 || prompt === "select_account" ? accounts : single;
}

/** The accounts that are signed in in the browser; those of the `domain_hint`, if there are any. */
function findSignedIn(
  authority: Authority,
  { signedIn }: BrowserSession,
  domain: string | undefined,
): readonly Account[] {
  const current = [...signedIn.values()].filter((authentication) => !isRevoked(authority, authentication));
  const accounts = current.map(({ account }) => account);
  const suffix = `@${domain?.toLowerCase()}`;
  const ofDomain = accounts.filter(({ user }) => user.username.toLowerCase().endsWith(suffix));
  return ofDomain.length > 0 ? ofDomain : accounts;
}

/**
 * The authentication of this sign-in, or, except with `prompt=login`, an earlier one in the same
 * browser.
 */
function findAuthentication(
  authority: Authority,
  { signedIn }: BrowserSession,
  { authentication, request }: Interaction,
  { user }: Account,
): Authentication | undefined {
  const earlier = request.prompt === "login" ? undefined : signedIn.get(user.username.toLowerCase());
  const candidate = authentication ?? earlier;
  return candidate === undefined || isRevoked(authority, candidate) ? undefined : candidate;
}

function resolve({ tenant: requested, application }: SignInRequest, authentication: Authentication): SignInResult {
  const { user, tenant: home } = authentication.account;
  const tenant = requested ?? home;
  if (findUser(tenant, user.username) === undefined) {
    throw new StsError(50020, { user: user.username, tenant: tenant.displayName });
  }
  const { clientId } = application;
  const local = findApplication(tenant, clientId);
  if (local === undefined) throw new StsError(700016, { clientId, tenant: tenant.displayName });
  return { authentication, tenant, application: local };
}

/** The error that a second factor would resolve; throws any other error. */
function findMfaRequirement(
  authority: Authority,
  { authentication, application: { clientId } }: SignInResult,
  { scopes, claims }: SignInRequest,
): StsError | undefined {
  const resources = scopes.map(({ uri }) => uri);
  try {
    authority.userSessions.conditionalAccess.check({
      ...describeForPolicies(authentication),
      clientId,
      resources,
      claims,
    });
    return undefined;
  } catch (error) {
    if (error instanceof StsError && error.code === 50076) return error;
    throw error;
  }
}

function findMissingConsents(
  authority: Authority,
  { request: { scopes, prompt }, hasConsented }: Interaction,
  { authentication, application }: SignInResult,
): readonly string[] {
  if (hasConsented) return [];
  if (prompt === "consent")
    return scopes.flatMap(({ uri, permissions }) => permissions.map((name) => `${uri}/${name}`));
  return authority.userSessions.consents.missing(authentication.account.user, application, scopes);
}
