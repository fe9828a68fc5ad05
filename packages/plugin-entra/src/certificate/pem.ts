import type { KeyObject, X509Certificate } from "node:crypto";
import { CertificateError } from "./certificate-error.ts";
import { crypto } from "./crypto.ts";
import type { CertificateContents } from "./key-pair.ts";

interface Block {
  readonly label: string;
  readonly body: string;
}

/** The blocks of a PEM text. RFC 7468. A single pass, so parsing time is linear for any text. */
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

/**
 * A block as OpenSSL requires it, in lines of 64 letters: a variable may have blanks in place of
 * line breaks. The headers of old encrypted keys stay in front of an empty line.
 */
function asPem({ label, body }: Block): string {
  const lines = body.includes("Proc-Type:")
    ? body.split(/\r\n|\r|\n/).map((line) => line.trim())
    : (body.replace(/\s/g, "").match(/.{1,64}/g) ?? []);
  return `-----BEGIN ${label}-----\n${lines.join("\n").trim()}\n-----END ${label}-----\n`;
}

function readKey(block: Block, password: string | undefined): KeyObject {
  const encrypted = block.label.startsWith("ENCRYPTED") || block.body.includes("Proc-Type:");
  try {
    const passphrase = encrypted ? (password ?? "") : undefined;
    return crypto().createPrivateKey({ key: asPem(block), format: "pem", passphrase });
  } catch (cause) {
    if (encrypted) throw keyError(cause);
    throw new CertificateError("invalid-certificate", "The private key cannot be parsed.", cause);
  }
}

/**
 * Decryption with a wrong password can succeed by chance and give a key that cannot be parsed, so
 * every failure but an unsupported cipher counts as a wrong password.
 */
function keyError(cause: unknown): CertificateError {
  return (cause as NodeJS.ErrnoException).code === "ERR_OSSL_EVP_UNSUPPORTED"
    ? new CertificateError(
        "unsupported-certificate-cipher",
        "The private key is encrypted with a cipher that this Node.js does not support.",
        cause,
      )
    : new CertificateError(
        "wrong-certificate-password",
        "The private key cannot be decrypted with the given password, or without one.",
      );
}

function readCertificate(block: Block): X509Certificate {
  try {
    const { X509Certificate } = crypto();
    return new X509Certificate(bytesOf(block));
  } catch (cause) {
    throw new CertificateError("invalid-certificate", "A certificate in the file cannot be parsed.", cause);
  }
}

/**
 * Parses the certificates and private keys of a PEM text: PKCS#1, PKCS#8, encrypted or not, in any
 * order.
 */
export function parsePem(text: string, password?: string): CertificateContents {
  // line breaks written as two characters, as in JSON and in variables of pipelines
  const blocks = blocksOf(text.replace(/(?:\\r)?\\n/g, "\n"));
  return {
    certificates: blocks.filter(({ label }) => /^(?:X509 )?CERTIFICATE$/.test(label)).map(readCertificate),
    keys: blocks.filter(({ label }) => label.endsWith("PRIVATE KEY")).map((block) => readKey(block, password)),
  };
}
