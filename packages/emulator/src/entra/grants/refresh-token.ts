import { epochSeconds } from "../../clock.ts";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, requireField } from "../token-request.ts";
import type { Refresh } from "../users/user-sessions.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/**
 * The grant `refresh_token`. The token remains valid, as at Entra, unless `refuseUsedRefreshTokens`
 * is set.
 */
export const refreshToken: Grant = async (authority, request) => {
  const { form } = request;
  const client = await identifyClient(authority, request);
  const token = requireField(form, "refresh_token");
  const refresh = requireRefresh(authority, client.application, token);
  const { authentication } = refresh;
  const scope = requireField(form, "scope");
  const tokens = await issueUserTokens(authority, { ...request, client, authentication, scope });
  if (authority.refusesUsedRefreshTokens) authority.userSessions.refreshTokens.delete(token);
  return tokens;
};

function requireRefresh({ userSessions, clock }: Authority, application: Application, token: string): Refresh {
  const refresh = userSessions.refreshTokens.get(token);
  if (refresh === undefined) throw new StsError(70000);
  if (refresh.clientId !== application.clientId && !(refresh.isShared && application.sharesRefreshTokens)) {
    throw new StsError(70000, {}, refresh.isShared ? { suberror: "client_mismatch" } : {});
  }
  if (refresh.expires <= epochSeconds(clock)) throw new StsError(700082);
  return refresh;
}
