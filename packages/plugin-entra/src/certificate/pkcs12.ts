import type { KeyObject, X509Certificate } from "node:crypto";
import { crypto } from "./crypto.ts";
import { child, DerError, type Element, objectId, octets, readDer } from "./der.ts";
import type { CertificateContents } from "./key-pair.ts";
import { decrypt, hasMac, type Pkcs12Password, wrongPassword } from "./pkcs12-ciphers.ts";

const data = "1.2.840.113549.1.7.1";
const encryptedData = "1.2.840.113549.1.7.6";
const bags = {
  key: "1.2.840.113549.1.12.10.1.1",
  encryptedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  nested: "1.2.840.113549.1.12.10.1.6",
} as const;
const x509 = "1.2.840.113549.1.9.22.1";

/**
 * For "no password", some exporters write an empty text (with its terminator) and others no bytes
 * at all.
 */
function passwordsOf(password: string): readonly Pkcs12Password[] {
  const utf16 = Buffer.from(`${password}\0`, "utf16le").swap16();
  const given = { utf8: Buffer.from(password), utf16 };
  return password === "" ? [given, { utf8: given.utf8, utf16: Buffer.alloc(0) }] : [given];
}

interface Found {
  readonly certificates: X509Certificate[];
  readonly keys: KeyObject[];
}

const certificateOf = (der: Buffer) => new (crypto().X509Certificate)(der);
const privateKey = (pkcs8: Buffer) => crypto().createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });

function readBag(bag: Element, password: Pkcs12Password, found: Found): void {
  const value = child(child(bag, 1), 0);
  switch (objectId(child(bag, 0))) {
    case bags.key:
      found.keys.push(privateKey(value.raw));
      break;
    case bags.encryptedKey:
      found.keys.push(privateKey(decrypt(child(value, 0), password, octets(child(value, 1)))));
      break;
    case bags.certificate:
      if (objectId(child(value, 0)) === x509) found.certificates.push(certificateOf(octets(child(child(value, 1), 0))));
      break;
    case bags.nested:
      for (const one of value.children) readBag(one, password, found);
      break;
    default: // secrets and revocation lists are not used
  }
}

/** The decrypted octets of a ContentInfo. */
function contentOf(info: Element, password: Pkcs12Password): Buffer {
  const content = child(child(info, 1), 0);
  const type = objectId(child(info, 0));
  if (type === data) return octets(content);
  if (type !== encryptedData) throw new DerError("encrypted for a certificate");
  const encrypted = child(content, 1);
  return decrypt(child(encrypted, 1), password, octets(child(encrypted, 2)));
}

/**
 * Parses a PKCS#12 file (RFC 7292). Node.js itself reads these only for TLS connections. The
 * ciphers are those of its OpenSSL.
 */
export function parsePkcs12(bytes: Buffer, password = ""): CertificateContents {
  const file = readDer(bytes);
  const contents = octets(child(child(child(file, 1), 1), 0));
  const macData = file.children[2];
  const passwords = passwordsOf(password);
  const fitting = macData === undefined ? passwords[0] : passwords.find((one) => hasMac(macData, one, contents));
  if (fitting === undefined) throw wrongPassword();
  const found: Found = { certificates: [], keys: [] };
  for (const info of readDer(contents).children) {
    for (const bag of readDer(contentOf(info, fitting)).children) readBag(bag, fitting, found);
  }
  return found;
}
