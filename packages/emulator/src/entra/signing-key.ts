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
  /** The claims of a valid token of this key; throws jose's error for any other token. */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload>;
  /** The public key in the JWKS; as at Entra it has no `alg`. */
  publicKey(): Promise<JWK>;
}

/** One RSA key for all tenants, created on first use, so that the emulator starts faster. */
export function createSigningKey(): SigningKey {
  let created: ReturnType<typeof createKey> | undefined;
  const key = () => {
    created ??= createKey();
    return created;
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

async function createKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
