import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  SignJWT,
} from "jose";

export interface SigningKey {
  sign(claims: JWTPayload): Promise<string>;
  /** The claims of a token that this key has signed and that meets the options; any other token is an error of jose's. */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload>;
  /** The public key as the JWKS shows it: as at Entra, without `alg`. */
  publicKey(): Promise<JWK>;
}

/** One RSA key for all tenants, made when it is first needed: an emulator that signs nothing starts without it. */
export function createSigningKey(): SigningKey {
  let made: ReturnType<typeof makeKey> | undefined;
  const key = () => {
    made ??= makeKey();
    return made;
  };

  return {
    async sign(claims) {
      const { privateKey, kid } = await key();
      return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256", kid }).sign(privateKey);
    },
    async verify(token, options) {
      const { publicKey } = await key();
      return (await jwtVerify(token, publicKey, { ...options, algorithms: ["RS256"] })).payload;
    },
    async publicKey() {
      const { jwk, kid } = await key();
      return { ...jwk, use: "sig", kid };
    },
  };
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
