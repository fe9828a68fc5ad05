import { decodeJwt } from "jose";
import { parseForm } from "../../http/form.ts";
import type { Reply, ServerRequest } from "../../http/message.ts";
import { pageReply } from "../../pages/page.ts";
import { messagePage } from "../../pages/plain-pages.ts";
import { type Authority, isSharedName, requireTenant } from "../authority.ts";
import { isRegistered } from "./redirect-uris.ts";

/** Ends the sign-ins of a browser: of the account that a hint names, else of all. Tokens that were issued stay good. */
export function signOut(authority: Authority, request: ServerRequest, tenantName: string): Reply {
  const parameters =
    request.method === "POST" ? (parseForm(request) ?? new URLSearchParams()) : request.url.searchParams;
  const tenants = isSharedName(tenantName) ? authority.tenants : [requireTenant(authority, tenantName)];
  const { signedIn } = authority.userSessions.browsers.of(request);
  const hint = parameters.get("logout_hint") ?? usernameIn(parameters.get("id_token_hint"));
  if (hint === undefined) signedIn.clear();
  else signedIn.delete(hint.toLowerCase());

  const uri = parameters.get("post_logout_redirect_uri");
  const applications = tenants.flatMap((tenant) => tenant.applications);
  if (uri !== null && applications.some((application) => isRegistered(application, uri))) {
    const url = new URL(uri);
    const state = parameters.get("state");
    if (state !== null) url.searchParams.append("state", state);
    return { status: 302, headers: { location: url.href } };
  }
  return pageReply(messagePage("Work or school account", "You have signed out", "You may close this window."));
}

function usernameIn(token: string | null): string | undefined {
  try {
    return token === null ? undefined : String(decodeJwt(token).preferred_username);
  } catch {
    return undefined;
  }
}
