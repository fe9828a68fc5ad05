import { identifyClient } from "../client-authentication/authenticate-client.ts";
import { StsError } from "../sts-error.ts";
import { type Grant, requireField } from "../token-request.ts";
import { findAccount } from "../users/accounts.ts";
import { authenticate } from "../users/authentication.ts";
import { authorizationCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import { deviceCode } from "./device-code.ts";
import { issueUserTokens } from "./issue-user-tokens.ts";
import { onBehalfOf } from "./on-behalf-of.ts";
import { refreshToken } from "./refresh-token.ts";

/** The grant `password`. */
const password: Grant = async (authority, request) => {
  const { tenant, form } = request;
  const account = findAccount([tenant], requireField(form, "username"));
  const client = await identifyClient(authority, request);
  if (account === undefined || account.user.password !== requireField(form, "password")) throw new StsError(50126);
  const scope = requireField(form, "scope");
  return issueUserTokens(authority, { ...request, client, authentication: authenticate(authority, account), scope });
};

/** The grants by `grant_type`. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ["client_credentials", clientCredentials],
  ["authorization_code", authorizationCode],
  ["password", password],
  ["refresh_token", refreshToken],
  ["urn:ietf:params:oauth:grant-type:device_code", deviceCode],
  ["device_code", deviceCode],
  ["urn:ietf:params:oauth:grant-type:jwt-bearer", onBehalfOf],
]);
