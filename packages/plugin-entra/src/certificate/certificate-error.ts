import { type IdentityError, outcomeError, remedyForPath } from "@azidentity/core/plugin";

/** Remedies by code. */
const remedies = {
  "unreadable-certificate": "Check the path and the permissions of the file.",
  "invalid-certificate": "Use a PEM or PKCS#12 (.pfx, .p12) file with the certificate, its chain and its private key.",
  "missing-certificate": "Put the certificate and the private key into one file.",
  "missing-private-key": "Put the private key and the certificate into one file.",
  "several-private-keys": "Keep only the private key of the application's certificate in the file.",
  "mismatched-private-key": "Put the private key into the file with the certificate that was issued for it.",
  "unsupported-private-key": "Entra accepts only RSA keys: create a certificate with an RSA key for the application.",
  "wrong-certificate-password": "Check `certificatePassword`, or AZURE_CLIENT_CERTIFICATE_PASSWORD.",
  "unsupported-certificate-cipher":
    "Export the file again (openssl pkcs12 -legacy -in old.pfx -nodes | openssl pkcs12 -export -out new.pfx), or start Node.js with --openssl-legacy-provider.",
  "pkcs12-not-loaded":
    'Import pkcs12 from "@azidentity/plugin-entra/pkcs12" and add it to `plugins`, or convert the file: openssl pkcs12 -in app.pfx -nodes -out app.pem',
  "expired-certificate": "Renew the certificate, and register the new one with the application.",
  "certificate-not-yet-valid": "Check this machine's clock, or use the certificate that is valid now.",
  "signer-failed": "Check that `sign` signs the bytes it receives, with the private key of `certificateChain`.",
} as const;

export type CertificateCode = keyof typeof remedies;

/**
 * A certificate cannot be used. `toIdentityError` adds the source and the origin of the
 * certificate.
 */
export class CertificateError extends Error {
  override readonly name = "CertificateFault";
  readonly code: CertificateCode;
  constructor(code: CertificateCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** Also for errors of what reads PKCS#12, which has a class of its own. */
export function isCertificateError(error: unknown): error is CertificateError {
  return error instanceof Error && error.name === "CertificateFault";
}

/**
 * Outcome `misconfigured`: a chain must not go on and sign in another principal.
 *
 * @param origin where the certificate comes from, e.g. its path
 */
export function toIdentityError(
  sourceName: string,
  origin: string,
  { code, message, cause }: CertificateError,
): IdentityError {
  const remedy = code === "unreadable-certificate" ? remedyForPath(origin, remedies[code]) : remedies[code];
  return outcomeError("misconfigured", `${sourceName}: ${origin}: ${message}`, { code, remedy, cause });
}
