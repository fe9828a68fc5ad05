import { createHash, createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import type { ClientCertificate, Emulator } from "../../src/index.ts";
import { requestToken } from "./plain-client.ts";

export interface AssertionChanges {
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: JWTPayload;
}

/** The thumbprint for a header: `x5t` is SHA-1, `x5t#S256` is SHA-256. */
export function thumbprint({ certificate }: ClientCertificate, algorithm: "sha1" | "sha256"): string {
  return createHash(algorithm).update(new X509Certificate(certificate).raw).digest("base64url");
}

export function tokenEndpoint({ authorityHost, tenantId }: Emulator): string {
  return `${authorityHost}/${tenantId}/oauth2/v2.0/token`;
}

/**
 * A valid assertion of a registered certificate, with changes; `undefined` omits a header or claim.
 */
export function signAssertion(
  emulator: Emulator,
  certificate: ClientCertificate,
  { header, claims }: AssertionChanges = {},
): Promise<string> {
  const { clientId } = emulator.application;
  const now = Math.floor(emulator.clock.now() / 1000);
  return new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: tokenEndpoint(emulator),
    nbf: now,
    exp: now + 600,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ typ: "JWT", alg: "PS256", "x5t#S256": thumbprint(certificate, "sha256"), ...header })
    .sign(createPrivateKey(certificate.privateKey));
}

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export function requestTokenByAssertion(
  emulator: Emulator,
  assertion: string,
  changes: Readonly<Record<string, string | undefined>> = {},
) {
  return requestToken(emulator, {
    client_secret: undefined,
    client_assertion: assertion,
    client_assertion_type: assertionType,
    ...changes,
  });
}

/** The AADSTS number of an error response; 0 for a token. */
export function refusal({ json }: { readonly json: unknown }): number {
  const { access_token: token, error_codes: codes } = json as { access_token?: string; error_codes?: [number] };
  return token === undefined ? (codes?.[0] ?? Number.NaN) : 0;
}
