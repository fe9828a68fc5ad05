import { type IdentityError, outcomeError } from "@azidentity/core/plugin";
import type { ExternalSigner } from "../certificate/signer.ts";
import type { CertificateOrigin } from "../certificate/supply.ts";

/** The options that say by which certificate an application signs in. */
export const certificateFields = {
  certificatePath: {
    type: "string",
    description: "Path of a PEM or PKCS#12 file with the certificate, its chain and its key.",
  },
  certificate: {
    type: "any",
    as: {} as string | Uint8Array,
    secret: true,
    description: "The same as text (PEM) or bytes (PKCS#12).",
  },
  certificatePassword: { type: "string", secret: true, description: "Password of the file. Default: none." },
  sendCertificateChain: {
    type: "boolean",
    description: "Send the chain, for applications registered by subject name and issuer. Default: false.",
  },
  signer: {
    type: "any",
    as: {} as ExternalSigner,
    description: "{ algorithm, certificateChain, sign(data) }: signs by a key that this process does not have.",
  },
} as const;

export interface CertificateOptions {
  readonly certificatePath?: string | undefined;
  readonly certificate?: string | Uint8Array | undefined;
  readonly certificatePassword?: string | undefined;
  readonly sendCertificateChain?: boolean | undefined;
  readonly signer?: ExternalSigner | undefined;
}

/** The name that stands for the three ways in messages. */
export const certificateNames = "`certificatePath`, `certificate` or `signer`";

export function hasCertificate({ certificatePath, certificate, signer }: CertificateOptions): boolean {
  return Boolean(certificatePath || certificate?.length || signer);
}

export function conflicting(who: string, names: readonly string[]): IdentityError {
  return outcomeError(
    "misconfigured",
    `${who}: ${names.map((name) => `\`${name}\``).join(" and ")} exclude each other.`,
    {
      code: "conflicting-options",
      remedy: "Give one of them.",
    },
  );
}

function isSigner(value: unknown): value is ExternalSigner {
  const { algorithm = "PS256", certificateChain, sign } = Object(value) as Partial<ExternalSigner>;
  return ["PS256", "RS256"].includes(algorithm) && typeof certificateChain === "string" && typeof sign === "function";
}

const invalid = (who: string, message: string) =>
  outcomeError("misconfigured", `${who}: ${message}`, {
    code: "incomplete-options",
    remedy: "See the README of @azidentity/plugin-entra.",
  });

/** Where the one certificate comes from. */
export function readCertificateOptions(who: string, options: CertificateOptions): CertificateOrigin {
  const { certificatePath: path, certificate: content, certificatePassword: password, signer } = options;
  const given = (["certificatePath", "certificate", "signer"] as const).filter((name) => options[name]);
  if (given.length > 1) throw conflicting(who, given);
  if (path) return { path, password };
  if (typeof content === "string" || content instanceof Uint8Array) return { content, password };
  if (isSigner(signer)) return { signer };
  throw invalid(who, "`certificate` is text or bytes, `signer` is { algorithm, certificateChain, sign }.");
}
