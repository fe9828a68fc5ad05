import { decodeJwt } from "jose";
import { parseForm, type Reply, type ServerRequest } from "../../http/message.ts";
import { defaultBrand, pageReply } from "../../pages/page.ts";
import { signedOutPage } from "../../pages/plain-pages.ts";
import { isRegisteredRedirect } from "../application.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { readField } from "../token-request.ts";

/**
 * Signs the account of the hint out of the browser, or, without a hint, all. Issued tokens remain
 * valid.
 */
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
    return pageReply(signedOutPage(defaultBrand));
  }
  const url = new URL(uri);
  const state = readField(parameters, "state");
  if (state !== undefined) url.searchParams.append("state", state);
  return { status: 302, headers: { location: url.href } };
}

/** The token is not verified: it only selects the account to sign out. */
function usernameIn(token: string | undefined): string | undefined {
  try {
    const { preferred_username: username } = decodeJwt(token ?? "");
    return username === undefined ? undefined : String(username);
  } catch {
    return undefined;
  }
}
