import { createPrivateKey } from "node:crypto";

/** The part of DER needed to write files that OpenSSL does not write. */
function element(tag: number, body: Buffer): Buffer {
  const size = body.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((part) => {
    const sevens = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return element(0x06, Buffer.from(octets));
}

/** A sequence; text stands for an object identifier. */
export const sequence = (...parts: (Buffer | string)[]) =>
  element(0x30, Buffer.concat(parts.map((part) => (typeof part === "string" ? objectIdentifier(part) : part))));
export const octetString = (bytes: Buffer) => element(0x04, bytes);
export const tagged = (number: number, inner: Buffer) => element(0xa0 + number, inner);
export const wholeNumber = (value: number) => element(0x02, Buffer.from([value]));

/** The ContentInfo of unencrypted contents of a PKCS#12 file. */
export const data = (content: Buffer) => sequence("1.2.840.113549.1.7.1", tagged(0, octetString(content)));
const keyBag = (pem: string) =>
  sequence("1.2.840.113549.1.12.10.1.1", tagged(0, createPrivateKey(pem).export({ type: "pkcs8", format: "der" })));

/** A PKCS#12 file that holds private keys (PEM) and nothing else, in the clear. */
export const pfxOfKeys = (...keys: string[]) =>
  sequence(wholeNumber(3), data(sequence(data(sequence(...keys.map(keyBag))))));
