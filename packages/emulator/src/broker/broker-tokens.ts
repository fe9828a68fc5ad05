import { decodeJwt } from "jose";
import { epochSeconds } from "../clock.ts";
import type { Authority } from "../entra/authority.ts";
import { findApplication, findTenant, type Tenant } from "../entra/directory.ts";
import { issueUserTokens } from "../entra/grants/issue-user-tokens.ts";
import { StsError } from "../entra/sts-error.ts";
import { type Account, describeHome } from "../entra/users/accounts.ts";
import { authenticate } from "../entra/users/authentication.ts";
import type { JsonObject } from "../http/message.ts";
import { BrokerError } from "./broker-status.ts";
import type { BoundRequest, SignRequest } from "./signed-request.ts";

/** The part of a call that says which token is wanted. */
export interface AuthParameters {
  readonly authority: string;
  readonly clientId: string;
  readonly requestedScopes: readonly string[];
  readonly decodedClaims?: string;
  readonly username?: string;
  readonly account?: { readonly homeAccountId?: string } | null;
  readonly popParams?: BoundRequest | null;
}

const shared = ["common", "organizations", "consumers"];

function requireTenant(authority: Authority, url: URL, account: Account): Tenant {
  const name = url.pathname.split("/")[1] ?? "";
  if (shared.includes(name)) return account.tenant;
  const tenant = findTenant(authority.tenants, name);
  if (tenant === undefined) throw new BrokerError("AuthorityUntrusted", `There is no tenant ${name}.`);
  return tenant;
}

/** An account as a broker describes it. */
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

/** The `brokerTokenResponse` for an account. The broker has signed the person in with all that the device can prove. */
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
    client: { application, proof: "none" },
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
    grantedScopes: parameters.requestedScopes.join(" "), // the runtime takes what it does not find here for declined
  };
}
