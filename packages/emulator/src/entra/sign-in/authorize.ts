import { findDuplicate, parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import { type Application, isRegisteredRedirect } from "../application.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { parseClaims } from "../claims.ts";
import type { Tenant } from "../directory.ts";
import { StsError } from "../sts-error.ts";
import { readField, requireField } from "../token-request.ts";
import { advance } from "./advance.ts";
import { requireClient, requireResources } from "./client-and-resources.ts";
import { readCodeChallenge } from "./code-challenge.ts";
import { prompts, type Redirect, responseModes, type SignInRequest, startInteraction } from "./interaction.ts";
import { sendError } from "./reply-to-client.ts";

/**
 * The authorization endpoint. Errors go to the redirect URI; those that occur before it is
 * validated are shown on a page.
 */
export function startSignIn(authority: Authority, request: ServerRequest, tenantName: string): Reply {
  const parameters = parseForm(request) ?? request.url.searchParams;
  const parameter = findDuplicate(parameters);
  if (parameter !== undefined) throw new StsError(9000411, { parameter });
  const tenant = isSharedName(tenantName) ? undefined : requireTenant(authority, tenantName);
  const application = requireClient(authority, tenant, requireField(parameters, "client_id"));
  const redirect = readRedirect(application, parameters);
  const session = authority.userSessions.browsers.of(request);
  try {
    const signInRequest = readRequest(authority, { tenant, application, redirect }, parameters);
    return advance(authority, session, startInteraction(signInRequest));
  } catch (error) {
    if (error instanceof StsError) return sendError(authority, request, redirect, error);
    throw error;
  }
}

function readRedirect(application: Application, parameters: URLSearchParams): Redirect {
  const { clientId, redirectUris } = application;
  const uri = readField(parameters, "redirect_uri") ?? (redirectUris.length === 1 ? redirectUris[0] : undefined);
  if (uri === undefined) throw new StsError(500113, { clientId });
  if (!isRegisteredRedirect(application, uri)) throw new StsError(50011, { redirectUri: uri, clientId });
  const responseMode = readField(parameters, "response_mode") ?? "query";
  return {
    uri,
    // the error about an unsupported mode is sent by a supported one
    mode: responseModes.find((mode) => mode === responseMode) ?? "query",
    state: parameters.get("state") ?? undefined,
    nonce: readField(parameters, "nonce"),
    returnsClientInfo: parameters.get("client_info") === "1",
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
  const requestedPrompt = readField(parameters, "prompt");
  const prompt = prompts.find((known) => known === requestedPrompt);
  if (requestedPrompt !== prompt) throw new StsError(90023, { parameter: "prompt", value: requestedPrompt ?? "" });
  const scope = requireField(parameters, "scope");
  return {
    tenant,
    application,
    scope,
    scopes: requireResources(authority, tenant, scope),
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
