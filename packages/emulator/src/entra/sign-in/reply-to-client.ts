import { epochSeconds } from "../../clock.ts";
import type { Reply, ServerRequest } from "../../http/message.ts";
import { pageReply } from "../../pages/page.ts";
import { formPostPage } from "../../pages/plain-pages.ts";
import type { Authority } from "../authority.ts";
import { describeError } from "../error-reply.ts";
import type { StsError } from "../sts-error.ts";
import type { StsErrorCode } from "../sts-error-table.ts";
import { describeHome } from "../users/accounts.ts";
import { secretCode } from "../users/authentication.ts";
import type { Interaction, Redirect } from "./interaction.ts";
import type { SignInResult } from "./next-step.ts";

/** Lifetime of an authorization code. */
const codeLifetimeSeconds = 600;

/** The OAuth errors that differ between the authorization response and the token response. */
const authorizationErrors: Partial<Readonly<Record<StsErrorCode, string>>> = {
  50020: "access_denied",
  53003: "access_denied",
  65001: "consent_required",
};

/** The authorization response with a code. */
export function sendCode(
  authority: Authority,
  { request: { scope, claims, challenge } }: Interaction,
  redirect: Redirect,
  { authentication, tenant, application }: SignInResult,
): Reply {
  const code = secretCode();
  authority.userSessions.codes.set(code, {
    authentication,
    clientId: application.clientId,
    tenant,
    scope,
    claims,
    redirectUri: redirect.uri,
    challenge,
    nonce: redirect.nonce,
    expires: epochSeconds(authority.clock) + codeLifetimeSeconds,
    isRedeemed: false,
  });
  return send(redirect, {
    code,
    ...(redirect.returnsClientInfo ? { client_info: describeHome(authentication.account) } : {}),
    session_state: authentication.sid,
  });
}

/** The authorization response with an error. */
export function sendError(authority: Authority, request: ServerRequest, redirect: Redirect, error: StsError): Reply {
  return send(redirect, {
    error: authorizationErrors[error.code] ?? error.error,
    error_description: describeError(error, request, authority.clock.now()).description,
    error_uri: `${request.url.origin}/error?code=${error.code}`,
  });
}

/** The authorization response after the user has cancelled. */
export function sendCancellation(redirect: Redirect): Reply {
  return send(redirect, { error: "access_denied", error_subcode: "cancel" });
}

function send({ uri, mode, state }: Redirect, fields: Readonly<Record<string, string>>): Reply {
  const parameters = Object.entries({ ...fields, ...(state === undefined ? {} : { state }) });
  if (mode === "form_post") return pageReply(formPostPage("Signed in", uri, parameters));
  const url = new URL(uri);
  if (mode === "fragment") url.hash = new URLSearchParams(parameters).toString();
  else for (const [name, value] of parameters) url.searchParams.append(name, value);
  return { status: 302, headers: { location: url.href } };
}
