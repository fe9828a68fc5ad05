import { createHash, X509Certificate } from "node:crypto";
import type { JSONWebKeySet } from "jose";

/** A registered client certificate, which Entra identifies by its thumbprints. */
export interface CertificateCredential {
  readonly certificate: X509Certificate;
  readonly thumbprints: Thumbprints;
}

/** SHA-1 and SHA-256 of the DER, as base64url without padding: `x5t` and `x5t#S256`. */
export interface Thumbprints {
  readonly sha1: string;
  readonly sha256: string;
}

/**
 * Subject name and issuer: every certificate with this name that the authority has signed is
 * accepted.
 */
export interface TrustedSubject {
  /** Common name or DNS name of the certificate. */
  readonly subjectName: string;
  /** PEM of the certificate authority. */
  readonly authority: string;
}

/** Tokens of another issuer that are accepted as client assertions. */
export interface FederatedCredential {
  /**
   * The exact URL of the issuer, such as {@link Emulator.issuers} `.githubActions.issuer`. A tenant
   * is an issuer, too: `https://login.microsoftonline.com/{tenantId}/v2.0`.
   */
  readonly issuer: string;
  /** The `sub` of the tokens. */
  readonly subject: string;
  /** The accepted `aud` of the tokens. Default: `["api://AzureADTokenExchange"]`. */
  readonly audiences?: readonly string[];
  /** The public keys of an issuer that is not one of the emulator's. */
  readonly keys?: JSONWebKeySet;
}

export const tokenExchangeAudience = "api://AzureADTokenExchange";

/** The first certificate of a PEM. */
export function readCertificate(pem: string): CertificateCredential {
  const certificate = new X509Certificate(pem);
  return { certificate, thumbprints: thumbprintsOf(certificate) };
}

export function thumbprintsOf({ raw }: X509Certificate): Thumbprints {
  const hash = (algorithm: string) => createHash(algorithm).update(raw).digest("base64url");
  return { sha1: hash("sha1"), sha256: hash("sha256") };
}
