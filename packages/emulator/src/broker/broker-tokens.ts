import { decodeJwt } from "jose";
import { epochSeconds } from "../clock.ts";
import { type Authority, isSharedName } from "../entra/authority.ts";
import { findApplication, findTenant, type Tenant } from "../entra/directory.ts";
import { issueUserTokens } from "../entra/grants/issue-user-tokens.ts";
import { StsError } from "../entra/sts-error.ts";
import { type Account, describeHome } from "../entra/users/accounts.ts";
import { authenticate } from "../entra/users/authentication.ts";
import type { JsonObject } from "../http/message.ts";
import { BrokerError } from "./broker-status.ts";
import type { BoundRequest, SignRequest } from "./signed-request.ts";

/** The parameters of a token request. */
export interface AuthParameters {
  readonly authority: string;
  readonly clientId: string;
  readonly requestedScopes: readonly string[];
  readonly decodedClaims?: string;
  readonly username?: string;
  readonly account?: { readonly homeAccountId?: string } | null;
  readonly popParams?: BoundRequest | null;
}

function requireTenant(authority: Authority, url: URL, account: Account): Tenant {
  const name = url.pathname.split("/")[1] ?? "";
  if (isSharedName(name)) return account.tenant;
  const tenant = findTenant(authority.tenants, name);
  if (tenant === undefined) throw new BrokerError("AuthorityUntrusted", `There is no tenant ${name}.`);
  return tenant;
}

/** The JSON of an account. */
export function describeAccount(account: Account, realm = account.tenant.tenantId): JsonObject {
  const { objectId, username, displayName } = account.user;
  return {
    homeAccountId: `${objectId}.${account.tenant.tenantId}`,
    localAccountId: objectId,
    realm,
    environment: "login.windows.net",
    username,
    name: displayName,
    givenName: displayName,
    clientInfo: describeHome(account),
    authorityType: "MSSTS",
  };
}

/**
 * The `brokerTokenResponse` for an account. The broker has signed the user in with a second factor,
 * if the user has one.
 */
export async function issueBrokerTokens(
  authority: Authority,
  account: Account,
  parameters: AuthParameters,
  signRequest: SignRequest,
): Promise<JsonObject> {
  const url = new URL(parameters.authority);
  const tenant = requireTenant(authority, url, account);
  const application = findApplication(tenant, parameters.clientId);
  if (application === undefined) {
    throw new StsError(700016, { clientId: parameters.clientId, tenant: tenant.tenantId });
  }
  const tokens = await issueUserTokens(authority, {
    tenant,
    origin: url.origin,
    form: new URLSearchParams(parameters.decodedClaims ? { claims: parameters.decodedClaims } : {}),
    client: { application, authMethod: "none" },
    authentication: authenticate(authority, account, account.user.secondFactor !== undefined),
    scope: parameters.requestedScopes.join(" "),
  });
  const bearer = String(tokens.access_token);
  const { exp = 0 } = decodeJwt(bearer);
  const expiresOn = exp * 1000;
  const bound = parameters.popParams;
  return {
    accessToken: bound ? await signRequest(bearer, bound, epochSeconds(authority.clock)) : bearer,
    accessTokenType: bound ? 1 : 0,
    idToken: tokens.id_token,
    account: describeAccount(account, tenant.tenantId),
    clientInfo: tokens.client_info,
    expiresOn,
    extendedExpiresOn: expiresOn,
    // the runtime treats scopes that are missing here as declined
    grantedScopes: parameters.requestedScopes.join(" "),
  };
}
