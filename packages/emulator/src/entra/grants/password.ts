import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, requireField } from "../token-request.ts";
import { findAccount } from "../users/accounts.ts";
import { authenticate } from "../users/authentication.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";

/** The grant `password`. */
export const password: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const account = findAccount([tenant], requireField(form, "username"));
  const client = await identifyClient(authority, request);
  if (account === undefined || account.user.password !== requireField(form, "password")) throw new StsError(50126);
  const scope = requireField(form, "scope");
  return issueUserTokens(authority, { ...request, client, authentication: authenticate(authority, account), scope });
};
