import { decodeText, unquoted } from "@azidentity/core/plugin";
import { CertificateError, isCertificateError } from "./certificate-error.ts";
import type { CertificateContents } from "./key-pair.ts";
import { parsePem } from "./pem.ts";
import type { Pkcs12Reader } from "./pkcs12-reader.ts";

/** Loads what reads PKCS#12. */
export type OpenPkcs12 = () => Promise<Pkcs12Reader>;

/** A certificate with its chain has a few thousand bytes. */
const maxBytes = 1_048_576;

/** DER, and so PKCS#12, begins with a sequence (0x30); PEM does not. */
const isBinary = (bytes: Uint8Array) => bytes[0] === 0x30;

/** What base64 may contain, besides line breaks; some tools write these as two characters. */
const base64 = /^[A-Za-z\d+/=_-]{64,}$/;

/**
 * The bytes or text inside a text of base64, as Key Vault and pipelines hand out a certificate;
 * other contents unchanged.
 */
function withoutBase64(bytes: Buffer): Buffer | string {
  if (isBinary(bytes)) return bytes;
  const text = unquoted(decodeText(bytes));
  if (text.includes("-----BEGIN ")) return text;
  const plain = text.replace(/\\[nr]|\s/g, "");
  if (!base64.test(plain)) return text;
  const decoded = Buffer.from(plain, "base64");
  return isBinary(decoded) ? decoded : unquoted(decodeText(decoded));
}

/** Parses the contents of a PEM or PKCS#12 file, or the base64 text of one. */
export async function parseCertificateFile(
  content: string | Uint8Array,
  password: string | undefined,
  openPkcs12: OpenPkcs12,
): Promise<CertificateContents> {
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
  if (bytes.length > maxBytes) throw new CertificateError("unreadable-certificate", tooLarge(bytes.length));
  try {
    const contents = withoutBase64(bytes);
    if (typeof contents === "string") return parsePem(contents, password);
    const pkcs12 = await openPkcs12();
    return pkcs12.read(contents, password);
  } catch (cause) {
    if (isCertificateError(cause)) throw cause;
    throw new CertificateError("invalid-certificate", "The file is neither PEM nor PKCS#12, or it is damaged.", cause);
  }
}

const tooLarge = (size: number) => `The file has ${size} bytes, more than the limit of ${maxBytes}.`;

/**
 * Differs between versions of a file. Links are followed, because Kubernetes rotates mounted files
 * by swapping a link.
 */
export interface FileVersion {
  readonly text: string;
}

/**
 * Version of the file at `path`. Throws, before it is read, for what is not a file or is too large.
 */
export async function statCertificate(path: string): Promise<FileVersion> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(path, { bigint: true }).catch((cause) => {
    throw new CertificateError(
      "unreadable-certificate",
      `The file does not exist or cannot be read (${cause.code}).`,
      cause,
    );
  });
  if (!found.isFile()) throw new CertificateError("unreadable-certificate", "The path does not name a file.");
  if (found.size > maxBytes) throw new CertificateError("unreadable-certificate", tooLarge(Number(found.size)));
  return { text: [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ") };
}

export async function readCertificateFile(
  path: string,
  password: string | undefined,
  openPkcs12: OpenPkcs12,
): Promise<CertificateContents> {
  const { readFile } = await import("node:fs/promises");
  const bytes = await readFile(path).catch((cause) => {
    throw new CertificateError("unreadable-certificate", `The file cannot be read (${cause.code}).`, cause);
  });
  return parseCertificateFile(bytes, password, openPkcs12);
}
