import { decodeJwt } from "jose";
import { parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import { anyHost, pageReply } from "../../pages/page.ts";
import { signedOutPage } from "../../pages/plain-pages.ts";
import { isRegisteredRedirect } from "../application.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { readField } from "../token-request.ts";

/** Ends the sign-ins of a browser: of the account that a hint names, else of all. Tokens that were issued stay good. */
export function signOut(authority: Authority, request: ServerRequest, tenantName: string): Reply {
  const parameters = parseForm(request) ?? request.url.searchParams;
  const tenants = isSharedName(tenantName) ? authority.tenants : [requireTenant(authority, tenantName)];
  const { signedIn } = authority.userSessions.browsers.of(request);
  const hint = readField(parameters, "logout_hint") ?? usernameIn(readField(parameters, "id_token_hint"));
  if (hint === undefined) signedIn.clear();
  else signedIn.delete(hint.toLowerCase());

  const uri = readField(parameters, "post_logout_redirect_uri");
  const applications = tenants.flatMap((tenant) => tenant.applications);
  if (uri === undefined || !applications.some((application) => isRegisteredRedirect(application, uri))) {
    return pageReply(signedOutPage(anyHost));
  }
  const url = new URL(uri);
  const state = readField(parameters, "state");
  if (state !== undefined) url.searchParams.append("state", state);
  return { status: 302, headers: { location: url.href } };
}

/** Nobody checks the token: it gives nothing away but who is signed out. */
function usernameIn(token: string | undefined): string | undefined {
  try {
    const { preferred_username: username } = decodeJwt(token ?? "");
    return username === undefined ? undefined : String(username);
  } catch {
    return undefined;
  }
}
