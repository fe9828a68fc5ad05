import { type IdentityError, outcomeError } from "@azidentity/core/plugin";

/** What can be wrong with what signs an application in, and what to do about it. */
const remedies = {
  "unreadable-certificate": "Check the path, and that this program may read the file.",
  "invalid-certificate": "Give a PEM or PKCS#12 (.pfx, .p12) file with the certificate, its chain and its private key.",
  "missing-certificate": "Put the certificate beside the key, in one file.",
  "missing-private-key": "Put the private key beside the certificate, in one file.",
  "several-private-keys": "Leave the one private key that belongs to the application's certificate.",
  "mismatched-private-key": "Put the key beside the certificate that was made for it.",
  "unsupported-private-key": "Entra takes RSA keys alone: make an RSA certificate for the application.",
  "wrong-certificate-password": "Check `certificatePassword`, or AZURE_CLIENT_CERTIFICATE_PASSWORD.",
  "unsupported-certificate-cipher":
    "Export it anew (openssl pkcs12 -legacy -in old.pfx -nodes | openssl pkcs12 -export -out new.pfx), or start Node.js with --openssl-legacy-provider.",
  "expired-certificate": "Renew it, and register the new one with the application.",
  "certificate-not-yet-valid": "Check this machine's clock, or use the certificate that is valid now.",
  "signer-failed": "Check that the signer signs what it is given, by the key of its certificate.",
} as const;

export type CertificateCode = keyof typeof remedies;

/** Something is wrong with a certificate. Whoever knows whose it is makes an error for callers of it. */
export class CertificateFault extends Error {
  override readonly name = "CertificateFault";
  readonly code: CertificateCode;
  constructor(code: CertificateCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** `misconfigured`: what was given is wrong, so that a chain must not go on as somebody else. `place`: where the certificate comes from. */
export function certificateError(
  who: string,
  place: string,
  { code, message, cause }: CertificateFault,
): IdentityError {
  return outcomeError("misconfigured", `${who}: ${place}: ${message}`, { code, remedy: remedies[code], cause });
}
