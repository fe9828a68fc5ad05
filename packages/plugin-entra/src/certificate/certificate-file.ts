import type { CertificateContents } from "./certificate-contents.ts";
import { CertificateFault } from "./certificate-error.ts";
import { parsePem } from "./pem.ts";

/** Bytes. A certificate with its chain has a few thousand. */
const largest = 1_048_576;

/** DER, and so PKCS#12, begins with a sequence; no text does. */
const isBinary = (bytes: Buffer) => bytes[0] === 0x30;

/** Takes a certificate file apart, whatever its format. */
export async function parseCertificateFile(
  content: string | Uint8Array,
  password?: string,
): Promise<CertificateContents> {
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
  if (bytes.length > largest) throw new CertificateFault("unreadable-certificate", tooLarge(bytes.length));
  try {
    if (!isBinary(bytes)) return parsePem(bytes.toString("utf8"), password);
    const { parsePkcs12 } = await import("./pkcs12.ts");
    return parsePkcs12(bytes, password);
  } catch (cause) {
    if (cause instanceof CertificateFault) throw cause;
    throw new CertificateFault("invalid-certificate", "It is neither PEM nor PKCS#12, or it is damaged.", cause);
  }
}

const tooLarge = (size: number) => `A certificate is not ${size} bytes long.`;

/** What tells one version of a file from the next. Links are followed: Kubernetes swaps a link to rotate what it mounts. */
export interface FileVersion {
  readonly text: string;
}

/** The version of the file at `path`; refuses what is no file of a sensible size before a byte of it is read. */
export async function statCertificate(path: string): Promise<FileVersion> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(path, { bigint: true }).catch((cause) => {
    throw new CertificateFault("unreadable-certificate", `It is not there, or cannot be read (${cause.code}).`, cause);
  });
  if (!found.isFile()) throw new CertificateFault("unreadable-certificate", "It is not a file.");
  if (found.size > largest) throw new CertificateFault("unreadable-certificate", tooLarge(Number(found.size)));
  return { text: [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(" ") };
}

export async function readCertificateFile(path: string, password?: string): Promise<CertificateContents> {
  const { readFile } = await import("node:fs/promises");
  const bytes = await readFile(path).catch((cause) => {
    throw new CertificateFault("unreadable-certificate", `It cannot be read (${cause.code}).`, cause);
  });
  return parseCertificateFile(bytes, password);
}
