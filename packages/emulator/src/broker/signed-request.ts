import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";

/** The request that a token is bound to, as a client describes it. */
export interface BoundRequest {
  readonly httpMethod: string;
  readonly uriHost: string;
  readonly uriPath: string;
  readonly nonce: string;
}

/** Binds access tokens to requests, by a key that only the broker has. */
export type SignRequest = (accessToken: string, request: BoundRequest, seconds: number) => Promise<string>;

/** Source: draft-ietf-oauth-signed-http-request, in the form that Entra's own clients write. */
export function createRequestSigner(): SignRequest {
  let made: ReturnType<typeof makeKey> | undefined;
  return async (accessToken, { httpMethod, uriHost, uriPath, nonce }, seconds) => {
    made ??= makeKey();
    const { privateKey, jwk, kid } = await made;
    const bound = { at: accessToken, ts: seconds, m: httpMethod.toUpperCase(), u: uriHost, p: uriPath, nonce };
    return new SignJWT({ ...bound, cnf: { jwk } })
      .setProtectedHeader({ alg: "RS256", typ: "pop", kid })
      .sign(privateKey);
  };
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
