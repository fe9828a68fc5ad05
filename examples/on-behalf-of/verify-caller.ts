import { createRemoteJWKSet, jwtVerify } from "jose";

export interface Caller {
  readonly name: string;
  readonly token: string;
}
/** The caller of an `Authorization` header; `undefined`: the token is missing or not valid. */
export type VerifyCaller = (authorization: string | undefined) => Promise<Caller | undefined>;

/**
 * Verifies the callers' tokens. An API has to do that itself: if a token on behalf of a caller
 * comes from the cache, Entra ID does not see the caller's token.
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
