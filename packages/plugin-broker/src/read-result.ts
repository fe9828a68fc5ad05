import { checkTokenTenant } from "@azidentity/core/entra";
import { type AuthenticationRecord, type IssuedToken, outcomeError, type TokenRequest } from "@azidentity/core/plugin";
import type { BrokerApplication } from "./native-request.ts";

/**
 * The account for which a token is requested: by id if it is known, because user names change.
 * Empty: the operating system's default account.
 */
export interface RequestedAccount {
  readonly homeAccountId?: string | undefined;
  readonly username?: string | undefined;
}

/** A checked answer of the broker. */
export interface BrokerResult {
  readonly issued: IssuedToken;
  readonly record: AuthenticationRecord;
}

const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
const text = (value: unknown) => (typeof value === "string" ? value : "");

/**
 * Reads an `AuthenticationResult`. Throws if the token is for another account, application or
 * tenant than was requested.
 */
export function readResult(
  label: string,
  { clientId, tenantId }: BrokerApplication,
  result: unknown,
  request: Pick<TokenRequest, "tenantId" | "correlationId">,
  requested: RequestedAccount,
): BrokerResult {
  const { accessToken, expiresOn, tokenType, account, idTokenClaims } = Object(result);
  const { homeAccountId, username, environment } = Object(account);
  const refuse = (problem: string) =>
    outcomeError("failed", `${label}: the broker's answer ${problem}.`, {
      code: "unexpected-broker-answer",
      remedy: "Update the broker; its log has more.",
    });
  const claims = Object(idTokenClaims);
  if (text(homeAccountId) === "" || text(username) === "") throw refuse("does not name the account");
  if (!isSame(text(claims.aud), clientId)) throw refuse("is for another application");
  const isRequested =
    requested.homeAccountId === undefined
      ? requested.username === undefined || isSame(requested.username, username)
      : requested.homeAccountId === homeAccountId;
  if (!isRequested) throw anotherAccount(label);
  const actualTenant = text(claims.tid);
  checkTokenTenant(label, request.tenantId ?? tenantId, actualTenant);
  return {
    issued: {
      token: text(accessToken),
      expiresOnTimestamp: Date.parse(text(expiresOn)),
      tokenType: tokenType === "pop" ? "pop" : "Bearer",
      principal: { tenantId: actualTenant, objectId: text(claims.oid), clientId, username },
      account: homeAccountId,
    },
    record: { authority: text(environment), homeAccountId, clientId, tenantId: actualTenant, username },
  };
}

function anotherAccount(label: string) {
  return outcomeError(
    "not-signed-in",
    `${label}: the requested account is not signed in to the operating system; another one is.`,
    {
      code: "another-account",
      remedy: "Sign in to the operating system with that account too, or remove the account from the options.",
    },
  );
}
