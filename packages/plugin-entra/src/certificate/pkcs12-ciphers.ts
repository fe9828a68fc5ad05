import type { Decipher } from "node:crypto";
import { CertificateError } from "./certificate-error.ts";
import { crypto } from "./crypto.ts";
import { child, DerError, type Element, integer, objectId, octets } from "./der.ts";

/**
 * A password in the two encodings that PKCS#12 uses: UTF-8, and zero-terminated big-endian UTF-16.
 */
export interface Pkcs12Password {
  readonly utf8: Buffer;
  readonly utf16: Buffer;
}

const digests: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "2.16.840.1.101.3.4.2.4": "sha224",
};
const pseudoRandomFunctions: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

interface Cipher {
  readonly name: string;
  readonly keyBytes: number;
}
/** Ciphers of PBES2. RFC 8018, appendix B.2. */
const ciphers: Readonly<Record<string, Cipher>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 },
};
/** Ciphers of PKCS#12 itself. RFC 7292, appendix C. */
const legacyCiphers: Readonly<Record<string, Cipher>> = {
  "1.2.840.113549.1.12.1.3": { name: "des-ede3-cbc", keyBytes: 24 },
  "1.2.840.113549.1.12.1.5": { name: "rc2-cbc", keyBytes: 16 },
  "1.2.840.113549.1.12.1.6": { name: "rc2-40-cbc", keyBytes: 5 },
};
const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
/**
 * More would block this process for many seconds. Exporters use thousands, at most about 600 000.
 */
const maxIterations = 1_000_000;

const unsupported = (what: string, cause?: unknown) =>
  new CertificateError(
    "unsupported-certificate-cipher",
    `The file is encrypted with ${what}, which this Node.js does not support.`,
    cause,
  );

export const wrongPassword = () =>
  new CertificateError(
    "wrong-certificate-password",
    "The file cannot be decrypted with the given password, or without one.",
  );

function iterations(element: Element): number {
  const count = integer(element);
  if (count < 1) throw new DerError("no such number of iterations");
  if (count <= maxIterations) return count;
  throw new CertificateError(
    "unsupported-certificate-cipher",
    `The key derivation has ${count} iterations, more than the limit of ${maxIterations}.`,
  );
}

/** Adds `added` and 1 to a big-endian number of the same length, in place. */
function increase(number: Buffer, added: Buffer): void {
  let carry = 1;
  for (let at = number.length - 1; at >= 0; at--) {
    carry += (number[at] ?? 0) + (added[at] ?? 0);
    number[at] = carry & 0xff;
    carry >>= 8;
  }
}

function repeated(bytes: Buffer, block: number): Buffer {
  const length = block * Math.ceil(bytes.length / block);
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/**
 * Derives a key (`purpose` 1), an initialisation vector (2) or a MAC key (3) from a password.
 * RFC 7292, appendix B.2.
 *
 * @param rounds iterations
 * @param length bytes to derive
 */
export function deriveKey(
  digest: string,
  { utf16 }: Pkcs12Password,
  salt: Buffer,
  rounds: number,
  purpose: 1 | 2 | 3,
  length: number,
): Buffer {
  const block = /^sha(?:384|512)$/.test(digest) ? 128 : 64;
  const input = Buffer.concat([repeated(salt, block), repeated(utf16, block)]);
  const { createHash, hash } = crypto();
  const parts: Buffer[] = [];
  for (let made = 0; made < length; ) {
    let part = createHash(digest).update(Buffer.alloc(block, purpose)).update(input).digest();
    for (let round = 1; round < rounds; round++) part = hash(digest, part, "buffer");
    parts.push(part);
    made += part.length;
    const added = Buffer.alloc(block, part);
    for (let at = 0; at < input.length; at += block) increase(input.subarray(at, at + block), added);
  }
  return Buffer.concat(parts).subarray(0, length);
}

function decipher({ name }: Cipher, key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  let cipher: Decipher;
  try {
    cipher = crypto().createDecipheriv(name, key, iv);
  } catch (cause) {
    throw unsupported(name.toUpperCase(), cause);
  }
  try {
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  } catch {
    throw wrongPassword();
  }
}

function decryptPbes2(parameters: Element, password: Pkcs12Password, bytes: Buffer): Buffer {
  const [derivation, encryption] = [child(parameters, 0), child(parameters, 1)];
  const cipher = ciphers[objectId(child(encryption, 0))];
  if (objectId(child(derivation, 0)) !== pbkdf2 || cipher === undefined) throw unsupported("an unknown cipher");
  const [salt, count, ...more] = child(derivation, 1).children;
  const prf = more.find(({ tag }) => tag === 0x30);
  const digest = prf === undefined ? "sha1" : pseudoRandomFunctions[objectId(child(prf, 0))];
  if (salt === undefined || count === undefined) throw new DerError("no parameters");
  if (digest === undefined) throw unsupported("an unknown key derivation");
  const key = crypto().pbkdf2Sync(password.utf8, octets(salt), iterations(count), cipher.keyBytes, digest);
  return decipher(cipher, key, octets(child(encryption, 1)), bytes);
}

/** Decrypts bytes with the algorithm of an AlgorithmIdentifier. */
export function decrypt(algorithm: Element, password: Pkcs12Password, bytes: Buffer): Buffer {
  const id = objectId(child(algorithm, 0));
  const parameters = child(algorithm, 1);
  if (id === pbes2) return decryptPbes2(parameters, password, bytes);
  const cipher = legacyCiphers[id];
  if (cipher === undefined) throw unsupported("an unknown cipher");
  const salt = octets(child(parameters, 0));
  const rounds = iterations(child(parameters, 1));
  const key = deriveKey("sha1", password, salt, rounds, 1, cipher.keyBytes);
  return decipher(cipher, key, deriveKey("sha1", password, salt, rounds, 2, 8), bytes);
}

/** Whether the MAC of a file was made with this password. */
export function hasMac(macData: Element, password: Pkcs12Password, contents: Buffer): boolean {
  const [algorithm, value] = [child(child(macData, 0), 0), octets(child(child(macData, 0), 1))];
  const digest = digests[objectId(child(algorithm, 0))];
  if (digest === undefined) throw unsupported("an unknown MAC");
  const rounds = macData.children[2] === undefined ? 1 : iterations(macData.children[2]);
  const { createHash, createHmac, timingSafeEqual } = crypto();
  const length = createHash(digest).digest().length;
  const key = deriveKey(digest, password, octets(child(macData, 1)), rounds, 3, length);
  const mac = createHmac(digest, key).update(contents).digest();
  return mac.length === value.length && timingSafeEqual(mac, value);
}
