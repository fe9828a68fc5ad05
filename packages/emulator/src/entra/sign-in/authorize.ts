import { findDuplicate, parseForm } from "../../http/form.ts";
import type { Reply, ServerRequest } from "../../http/message.ts";
import type { Application } from "../application.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { parseClaims } from "../claims.ts";
import { findApplication, type Tenant } from "../directory.ts";
import { findResource } from "../resources.ts";
import { readUserScopes, type UserScope } from "../scope.ts";
import { secretCode } from "../secret-code.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField } from "../token-fields.ts";
import { advance } from "./advance.ts";
import { readCodeChallenge } from "./code-challenge.ts";
import { type Interaction, prompts, type Redirect, responseModes, type SignInRequest } from "./interaction.ts";
import { isRegistered } from "./redirect-uris.ts";
import { sendError } from "./reply-to-client.ts";

/** A client sends a person to sign in. What is wrong before the address of the client is known to be its own is told to the person alone. */
export function startSignIn(authority: Authority, request: ServerRequest, tenantName: string): Reply {
  const parameters = parseForm(request) ?? request.url.searchParams;
  const parameter = findDuplicate(parameters);
  if (parameter !== undefined) throw new StsError(9000411, { parameter });
  const tenant = isSharedName(tenantName) ? undefined : requireTenant(authority, tenantName);
  const application = requireClient(authority, tenant, requireField(parameters, "client_id"));
  const redirect = readRedirect(application, parameters);
  const session = authority.userSessions.browsers.of(request);
  try {
    const interaction = startInteraction(readRequest(authority, { tenant, application, redirect }, parameters));
    session.interactions.set(interaction.id, interaction);
    return advance(authority, session, interaction);
  } catch (error) {
    if (error instanceof StsError) return sendError(authority, request, redirect, error);
    throw error;
  }
}

export function startInteraction(request: SignInRequest): Interaction {
  return {
    id: secretCode(),
    request,
    username: undefined,
    authentication: undefined,
    hasConfirmed: false,
    hasConsented: false,
  };
}

/** An application is known under a shared name as soon as one tenant has it. */
export function requireClient({ tenants }: Authority, tenant: Tenant | undefined, clientId: string): Application {
  for (const candidate of tenant === undefined ? tenants : [tenant]) {
    const application = findApplication(candidate, clientId);
    if (application !== undefined) return application;
  }
  throw new StsError(700016, { clientId, tenant: tenant?.displayName ?? "of any tenant" });
}

/** The resources that a client asks for; one that nobody knows is refused. */
export function readResources({ tenants }: Authority, tenant: Tenant | undefined, scope: string): readonly UserScope[] {
  const scopes = readUserScopes(scope);
  for (const { uri } of scopes) {
    const isKnown = (tenant === undefined ? tenants : [tenant]).some((candidate) => findResource(candidate, uri));
    if (!isKnown) throw new StsError(500011, { resource: uri, tenant: tenant?.displayName ?? "of any user" });
  }
  return scopes;
}

function readRedirect(application: Application, parameters: URLSearchParams): Redirect {
  const { clientId, redirectUris } = application;
  const uri = readField(parameters, "redirect_uri") ?? (redirectUris.length === 1 ? redirectUris[0] : undefined);
  if (uri === undefined) throw new StsError(500113, { clientId });
  if (!isRegistered(application, uri)) throw new StsError(50011, { redirectUri: uri, clientId });
  const asked = readField(parameters, "response_mode") ?? "query";
  return {
    uri,
    // an answer about a mode that does not exist needs one that does
    mode: responseModes.find((mode) => mode === asked) ?? "query",
    state: parameters.get("state") ?? undefined,
    nonce: readField(parameters, "nonce"),
    wantsClientInfo: parameters.get("client_info") === "1",
  };
}

function readRequest(
  authority: Authority,
  { tenant, application, redirect }: { tenant: Tenant | undefined; application: Application; redirect: Redirect },
  parameters: URLSearchParams,
): SignInRequest {
  const responseType = requireField(parameters, "response_type");
  if (responseType !== "code") throw new StsError(700054, { responseType });
  const responseMode = readField(parameters, "response_mode") ?? redirect.mode;
  if (responseMode !== redirect.mode) throw new StsError(70007, { responseMode });
  const asked = readField(parameters, "prompt");
  const prompt = prompts.find((known) => known === asked);
  if (asked !== prompt) throw new StsError(90023, { parameter: "prompt", value: asked ?? "" });
  const scope = requireField(parameters, "scope");
  return {
    tenant,
    application,
    scope,
    scopes: readResources(authority, tenant, scope),
    prompt,
    loginHint: readField(parameters, "login_hint"),
    domainHint: readField(parameters, "domain_hint"),
    claims: parseClaims(readField(parameters, "claims")),
    challenge: readCodeChallenge(
      readField(parameters, "code_challenge"),
      readField(parameters, "code_challenge_method"),
    ),
    destination: redirect,
  };
}
