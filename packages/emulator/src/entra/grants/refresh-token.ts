import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { StsError } from "../sts-error.ts";
import { requireField } from "../token-fields.ts";
import type { Grant } from "./grant.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** A user who signed in before. */
export const refreshToken: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const client = await identifyClient(authority, request);
  const known = authority.userSessions.refreshTokens.get(requireField(form, "refresh_token"));
  if (known === undefined || known.clientId !== client.application.clientId) throw new StsError(70000);
  if (known.tenantId !== tenant.tenantId)
    throw new StsError(50020, { user: known.user.username, tenant: tenant.tenantId });
  if (known.session !== authority.sessions.current(known.user.objectId).number) throw new StsError(50173);
  return issueUserTokens(authority, request, client, known.user, requireField(form, "scope"));
};
