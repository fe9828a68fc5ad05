import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { type Account, findAccount, findUser } from "../users/accounts.ts";
import { type Authentication, describeForPolicies, isRevoked } from "../users/authentication.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import { type Interaction, isDevice, type SignInRequest } from "./interaction.ts";

/** What comes next in a sign-in: a question to the person, a refusal, or the end. */
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

/** The one step that stands between the person and the client. Where nobody may be asked (`prompt=none`), a question is an error. */
export function nextStep(authority: Authority, session: BrowserSession, interaction: Interaction): Step {
  const { request } = interaction;
  const isSilent = request.prompt === "none";
  const ask = (question: Step, otherwise: StsError): Step => {
    if (isSilent) throw otherwise;
    return question;
  };
  if (request.prompt === "create" && interaction.username === undefined && !interaction.isAnother) {
    return { name: "create", tenant: request.tenant };
  }

  const person = findPerson(authority, session, interaction);
  if (!("user" in person)) {
    const question: Step = { name: "account", accounts: person, username: interaction.username ?? request.loginHint };
    return ask(question, new StsError(person.length > 1 ? 16000 : 50058));
  }
  const authentication = findProof(authority, session, interaction, person);
  if (authentication === undefined) return ask({ name: "password", account: person }, new StsError(50058));
  try {
    const result = resolve(request, authentication);
    const demand = demandOfSecondFactor(authority, result, request);
    if (demand !== undefined) return ask({ name: "second-factor", account: person, authentication }, demand);
    if (isDevice(request.destination) && !interaction.hasConfirmed) return { name: "confirm", account: person };
    const permissions = findOpenConsents(authority, interaction, result);
    if (permissions.length === 0) return { name: "done", result };
    const { clientId } = result.application;
    return ask({ name: "consent", account: person, permissions }, new StsError(65001, { clientId }));
  } catch (error) {
    if (error instanceof StsError) return ask({ name: "refused", account: person, error }, error);
    throw error;
  }
}

/** Who the person is; the accounts from which to choose, if that has to be asked. */
function findPerson(
  authority: Authority,
  session: BrowserSession,
  { request, username, isAnother }: Interaction,
): Account | readonly Account[] {
  const { prompt, loginHint, domainHint } = request;
  const name = username ?? (prompt === "select_account" || isAnother ? undefined : loginHint);
  if (name !== undefined) return findAccount(authority.tenants, name) ?? [];
  if (prompt === "login" || isAnother) return [];
  const accounts = findSignedIn(authority, session, domainHint);
  const [only, ...others] = accounts;
  return only === undefined || others.length > 0 || prompt === "select_account" ? accounts : only;
}

/** Who is signed in in the browser, if possible of the domain that the client has named. */
function findSignedIn(
  authority: Authority,
  { signedIn }: BrowserSession,
  domain: string | undefined,
): readonly Account[] {
  const current = [...signedIn.values()].filter((authentication) => !isRevoked(authority, authentication));
  const accounts = current.map(({ account }) => account);
  const ending = `@${domain?.toLowerCase()}`;
  const ofDomain = accounts.filter(({ user }) => user.username.toLowerCase().endsWith(ending));
  return ofDomain.length > 0 ? ofDomain : accounts;
}

/** What the person has proved: in this sign-in, or earlier in the same browser, unless the client insists (`prompt=login`). */
function findProof(
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

/** The refusal that a second factor would lift; every other one is thrown. */
function demandOfSecondFactor(
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

function findOpenConsents(
  authority: Authority,
  { request: { scopes, prompt }, hasConsented }: Interaction,
  { authentication, application }: SignInResult,
): readonly string[] {
  if (hasConsented) return [];
  if (prompt === "consent")
    return scopes.flatMap(({ uri, permissions }) => permissions.map((name) => `${uri}/${name}`));
  return authority.userSessions.consents.missing(authentication.account.user, application, scopes);
}
