import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { StsError } from "../sts-error.ts";
import { requireField } from "../token-fields.ts";
import type { Grant } from "./grant.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** A user by name and password. */
export const password: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const name = requireField(form, "username").toLowerCase();
  const user = tenant.users.find(({ username }) => username.toLowerCase() === name);
  const client = await identifyClient(authority, request);
  if (user === undefined || user.password !== requireField(form, "password")) throw new StsError(50126);
  return issueUserTokens(authority, request, client, user, requireField(form, "scope"));
};
