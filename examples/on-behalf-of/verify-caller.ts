import { createRemoteJWKSet, jwtVerify } from "jose";

export interface Caller {
  readonly name: string;
  readonly token: string;
}
/** The caller of an `Authorization` header; `undefined` for whoever may not call. */
export type VerifyCaller = (authorization: string | undefined) => Promise<Caller | undefined>;

/**
 * Checks the callers' tokens. An API has to do that itself: a token that is acquired on somebody's behalf may come out of a cache, and then
 * nobody else looks at the caller's.
 */
export function createVerifyCaller(authorityHost: string, tenantId: string, clientId: string): VerifyCaller {
  const keys = createRemoteJWKSet(new URL(`${authorityHost}/${tenantId}/discovery/v2.0/keys`));
  return async (authorization = "") => {
    const [, token = ""] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    try {
      const issuer = `${authorityHost}/${tenantId}/v2.0`;
      const { payload } = await jwtVerify(token, keys, { audience: clientId, issuer, requiredClaims: ["scp"] });
      return { name: String(payload.preferred_username), token };
    } catch {
      return undefined;
    }
  };
}
