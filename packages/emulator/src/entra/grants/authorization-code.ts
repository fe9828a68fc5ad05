import { epochSeconds } from "../../clock.ts";
import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { checkCodeVerifier } from "../sign-in/code-challenge.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, readField, requireField } from "../token-request.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** The grant `authorization_code`. A code is valid once. */
export const authorizationCode: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const text = requireField(form, "code");
  const redirectUri = requireField(form, "redirect_uri");
  const client = await identifyClient(authority, request);
  const code = authority.userSessions.codes.get(text);
  if (code === undefined || code.clientId !== client.application.clientId) throw new StsError(70000);
  if (code.tenant !== tenant) throw new StsError(700005);
  if (code.isRedeemed) throw new StsError(54005);
  if (code.expires <= epochSeconds(authority.clock)) throw new StsError(70008);
  if (code.redirectUri !== redirectUri) throw new StsError(500112, { redirectUri });
  checkCodeVerifier(code.challenge, readField(form, "code_verifier"));

  const { authentication, claims, nonce } = code;
  const scope = readField(form, "scope") ?? code.scope;
  code.isRedeemed = true;
  return issueUserTokens(authority, { ...request, client, authentication, claims, nonce, scope });
};
