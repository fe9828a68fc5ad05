import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface SigningKey {
  sign(claims: JWTPayload): Promise<string>;
  /** The public key as the JWKS shows it: as at Entra, without `alg`. */
  publicKey(): Promise<Readonly<Record<string, unknown>>>;
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
    async publicKey() {
      const { jwk, kid } = await key();
      return { ...jwk, use: "sig", kid };
    },
  };
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) };
}
