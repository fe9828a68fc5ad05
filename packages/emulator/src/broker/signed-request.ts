import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";

/** The HTTP request that a proof-of-possession token is bound to. */
export interface BoundRequest {
  readonly httpMethod: string;
  readonly uriHost: string;
  readonly uriPath: string;
  readonly nonce: string;
}

/**
 * Binds an access token to a request, signed by the key of the broker. `seconds` is the time of
 * signing.
 */
export type SignRequest = (accessToken: string, request: BoundRequest, seconds: number) => Promise<string>;

/** Source: draft-ietf-oauth-signed-http-request, with the claims that Microsoft's clients write. */
export function createRequestSigner(): SignRequest {
  let created: ReturnType<typeof createKey> | undefined;
  return async (accessToken, { httpMethod, uriHost, uriPath, nonce }, seconds) => {
    created ??= createKey();
    const { privateKey, jwk, kid } = await created;
    const bound = { at: accessToken, ts: seconds, m: httpMethod.toUpperCase(), u: uriHost, p: uriPath, nonce };
    return new SignJWT({ ...bound, cnf: { jwk } })
      .setProtectedHeader({ alg: "RS256", typ: "pop", kid })
      .sign(privateKey);
  };
}

async function createKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
