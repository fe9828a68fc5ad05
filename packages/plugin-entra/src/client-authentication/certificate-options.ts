import { outcomeError } from "@azidentity/core/plugin";
import type { CertificateOrigin } from "../certificate/certificate-provider.ts";
import type { ExternalSigner } from "../certificate/signer.ts";

/** The options for an application that authenticates with a certificate. */
export const certificateFields = {
  certificatePath: {
    type: "string",
    description: "Path of a PEM or PKCS#12 file with the certificate, its chain and its private key.",
  },
  certificate: {
    type: "any",
    as: {} as string | Uint8Array,
    secret: true,
    description: "Contents of such a file: PEM, or PKCS#12 as bytes or base64.",
  },
  certificatePassword: { type: "string", secret: true, description: "Password of the file. Default: none." },
  sendCertificateChain: {
    type: "boolean",
    description: "Send the chain, for applications registered by subject name and issuer. Default: false.",
  },
  signer: {
    type: "any",
    as: {} as ExternalSigner,
    description: "{ algorithm, certificateChain, sign(data) }: signs with a key outside this process.",
  },
} as const;

export interface CertificateOptions {
  readonly certificatePath?: string | undefined;
  readonly certificate?: string | Uint8Array | undefined;
  readonly certificatePassword?: string | undefined;
  readonly sendCertificateChain?: boolean | undefined;
  readonly signer?: ExternalSigner | undefined;
}

/** The three options that say where the certificate is. */
export const certificateOrigins = ["certificatePath", "certificate", "signer"] as const;

/** How messages name the three options, one of which is required. */
export const certificateNames = "`certificatePath`, `certificate` or `signer`";

export function hasCertificate({ certificatePath, certificate, signer }: CertificateOptions): boolean {
  return Boolean(certificatePath || certificate?.length || signer);
}

function isSigner(value: unknown): value is ExternalSigner {
  const { algorithm = "PS256", certificateChain, sign } = Object(value) as Partial<ExternalSigner>;
  return ["PS256", "RS256"].includes(algorithm) && typeof certificateChain === "string" && typeof sign === "function";
}

const invalid = (sourceName: string, message: string) =>
  outcomeError("misconfigured", `${sourceName}: ${message}`, {
    code: "incomplete-options",
    remedy: "See the README of @azidentity/plugin-entra.",
  });

/** PEM, or base64 in one line or several; no path has a part as long without a dot or a dash. */
const contents = /-----BEGIN |[\w+/=\s\\]{512}/;

/**
 * Where the options take the certificate from. A path that is the certificate itself must not be
 * shown.
 */
export function readCertificateOptions(sourceName: string, options: CertificateOptions): CertificateOrigin {
  const { certificatePath: path, certificate: content, certificatePassword: password, signer } = options;
  if (path && !contents.test(path)) return { path, password };
  if (typeof content === "string" || content instanceof Uint8Array) return { content, password };
  if (isSigner(signer)) return { signer };
  throw invalid(
    sourceName,
    "`certificatePath` must be a path, `certificate` text or bytes, `signer` { algorithm, certificateChain, sign }.",
  );
}
