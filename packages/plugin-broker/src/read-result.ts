import {
  type AuthenticationRecord,
  type IssuedToken,
  isGuid,
  outcomeError,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { BrokerApplication } from "./native-request.ts";

/** Whom a token was asked for, by id where that is known: names change. Nothing: whoever the operating system's default account is. */
export interface WantedAccount {
  readonly homeAccountId?: string | undefined;
  readonly username?: string | undefined;
}

/** What the broker brought, checked. */
export interface BrokerResult {
  readonly issued: IssuedToken;
  readonly record: AuthenticationRecord;
}

const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Reads an `AuthenticationResult`. A token for somebody else, another application or another tenant goes to nobody. */
export function readResult(
  who: string,
  { clientId, tenantId }: BrokerApplication,
  result: unknown,
  request: Pick<TokenRequest, "tenantId" | "correlationId">,
  wanted: WantedAccount,
): BrokerResult {
  const { accessToken, expiresOn, tokenType, account, idTokenClaims } = Object(result);
  const { homeAccountId, username, environment } = Object(account);
  const refuse = (problem: string) =>
    outcomeError("failed", `${who}: the broker's answer ${problem}.`, {
      code: "unexpected-broker-answer",
      remedy: "Update the broker; its log has more.",
    });
  const claims = Object(idTokenClaims);
  if (text(homeAccountId) === "" || text(username) === "") throw refuse("does not say whose the token is");
  if (!isSame(text(claims.aud), clientId)) throw refuse("is for another application");
  const isWanted =
    wanted.homeAccountId === undefined
      ? wanted.username === undefined || isSame(wanted.username, username)
      : wanted.homeAccountId === homeAccountId;
  if (!isWanted) throw anotherAccount(who);
  const askedTenant = request.tenantId ?? tenantId;
  const itsTenant = text(claims.tid);
  if (isGuid(askedTenant) && !isSame(askedTenant, itsTenant)) throw anotherTenant(who, askedTenant);
  return {
    issued: {
      token: text(accessToken),
      expiresOnTimestamp: Date.parse(text(expiresOn)),
      tokenType: tokenType === "pop" ? "pop" : "Bearer",
      principal: { tenantId: itsTenant, objectId: text(claims.oid), clientId, username },
      account: homeAccountId,
    },
    record: { authority: text(environment), homeAccountId, clientId, tenantId: itsTenant, username },
  };
}

function anotherTenant(who: string, asked: string) {
  return outcomeError("rejected", `${who}: the tenant ${asked} was asked for, and another one answered.`, {
    code: "another-tenant",
    remedy: "Sign in with an account that is a member or a guest of that tenant.",
  });
}

function anotherAccount(who: string) {
  return outcomeError(
    "not-signed-in",
    `${who}: the operating system is signed in as somebody else than was asked for.`,
    {
      code: "another-account",
      remedy: "Sign in to the operating system with that account too, or leave out whom to ask for.",
    },
  );
}
