import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateContents } from "./certificate-contents.ts";
import { CertificateFault } from "./certificate-error.ts";

interface Block {
  readonly label: string;
  readonly body: string;
}

/** The blocks of a PEM text, by one pass over it: no text, however odd, makes it slow. RFC 7468. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (let at = text.indexOf("-----BEGIN "); at >= 0; at = text.indexOf("-----BEGIN ", at)) {
    const start = at + "-----BEGIN ".length;
    const dashes = text.indexOf("-----", start);
    const label = text.slice(start, dashes);
    const end = dashes < 0 || label.length > 64 ? -1 : text.indexOf(`-----END ${label}-----`, dashes);
    if (end < 0) break;
    blocks.push({ label, body: text.slice(dashes + 5, end) });
    at = end;
  }
  return blocks;
}

const bytesOf = ({ body }: Block) => Buffer.from(body, "base64");

/** A block as OpenSSL wants it. Headers, which old encrypted keys have, stay in front of an empty line. */
function asPem({ label, body }: Block): string {
  const lines = body.split(/\r\n|\r|\n/).map((line) => line.trim());
  return `-----BEGIN ${label}-----\n${lines.join("\n").trim()}\n-----END ${label}-----\n`;
}

function readKey(block: Block, password: string | undefined): KeyObject {
  const encrypted = block.label.startsWith("ENCRYPTED") || block.body.includes("Proc-Type:");
  try {
    return createPrivateKey({ key: asPem(block), format: "pem", passphrase: encrypted ? (password ?? "") : undefined });
  } catch (cause) {
    if (encrypted) throw keyError(cause);
    throw new CertificateFault("invalid-certificate", "The private key cannot be read.", cause);
  }
}

/** A wrong password can make sense by chance, and then the key in it cannot be read, so all but a refused cipher is that. */
function keyError(cause: unknown): CertificateFault {
  return (cause as NodeJS.ErrnoException).code === "ERR_OSSL_EVP_UNSUPPORTED"
    ? new CertificateFault(
        "unsupported-certificate-cipher",
        "Its private key is encrypted with what this Node.js refuses.",
        cause,
      )
    : new CertificateFault(
        "wrong-certificate-password",
        "Its key does not open with the password given, or with none.",
      );
}

function readCertificate(block: Block): X509Certificate {
  try {
    return new X509Certificate(bytesOf(block));
  } catch (cause) {
    throw new CertificateFault("invalid-certificate", "A certificate of it cannot be read.", cause);
  }
}

/** Reads the certificates and private keys of a PEM text: PKCS#1, PKCS#8, encrypted or not, in any order. */
export function parsePem(text: string, password?: string): CertificateContents {
  const blocks = blocksOf(text);
  return {
    certificates: blocks.filter(({ label }) => /^(?:X509 )?CERTIFICATE$/.test(label)).map(readCertificate),
    keys: blocks.filter(({ label }) => label.endsWith("PRIVATE KEY")).map((block) => readKey(block, password)),
  };
}
