import type { KeyObject, X509Certificate } from "node:crypto";
import { CertificateError } from "./certificate-error.ts";
import { crypto } from "./crypto.ts";

/** Contents of a certificate file, in the order of the file. */
export interface CertificateContents {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** A private key and its certificate chain, leaf first. */
export interface KeyPair {
  readonly key: KeyObject;
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
}

/** The chain from a leaf to its issuers; omits certificates that do not belong to it. */
export function chainFrom(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
): readonly [X509Certificate, ...X509Certificate[]] {
  const chain: [X509Certificate, ...X509Certificate[]] = [leaf];
  const left = new Set(certificates);
  for (let last: X509Certificate | undefined = leaf; last !== undefined; ) {
    left.delete(last);
    const below: X509Certificate = last;
    last = [...left].find((one) => one.fingerprint256 !== below.fingerprint256 && below.checkIssued(one));
    if (last !== undefined) chain.push(last);
  }
  return chain;
}

const publicPart = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });

/**
 * Compares bytes, because in workerd `checkPrivateKey` says no to every key. A damaged key throws,
 * and belongs to none.
 */
function isKeyOf(key: KeyObject, certificate: X509Certificate): boolean {
  try {
    return publicPart(certificate.publicKey).equals(publicPart(crypto().createPublicKey(key)));
  } catch {
    return false;
  }
}

/** The private key of a file with its certificate chain; throws unless there is exactly one key. */
export function keyPairOf({ certificates, keys }: CertificateContents): KeyPair {
  const [key, ...otherKeys] = keys;
  if (key === undefined && certificates.length === 0)
    throw new CertificateError("invalid-certificate", "The file has neither a certificate nor a private key.");
  if (key === undefined)
    throw new CertificateError("missing-private-key", "The file has a certificate, but no private key.");
  if (otherKeys.length > 0)
    throw new CertificateError("several-private-keys", `The file has ${keys.length} private keys.`);
  if (key.asymmetricKeyType !== "rsa")
    throw new CertificateError("unsupported-private-key", `The private key is of type ${key.asymmetricKeyType}.`);
  if (certificates.length === 0)
    throw new CertificateError("missing-certificate", "The file has a private key, but no certificate.");
  const leaf = certificates.find((one) => isKeyOf(key, one));
  if (leaf === undefined)
    throw new CertificateError(
      "mismatched-private-key",
      "The private key belongs to none of the certificates in the file.",
    );
  return { key, chain: chainFrom(leaf, certificates) };
}
