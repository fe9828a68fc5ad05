import type { KeyObject, X509Certificate } from "node:crypto";
import type { CertificateContents } from "./certificate-contents.ts";
import { CertificateFault } from "./certificate-error.ts";

/** A private key, and its certificate with those that vouch for it, leaf first. */
export interface KeyPair {
  readonly key: KeyObject;
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
}

/** The chain from a certificate upwards; what does not belong to it stays out. */
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

/** The one private key of a file with its certificate. */
export function keyPairOf({ certificates, keys }: CertificateContents): KeyPair {
  const [key, ...otherKeys] = keys;
  if (key === undefined && certificates.length === 0)
    throw new CertificateFault("invalid-certificate", "It holds neither a certificate nor a private key.");
  if (key === undefined)
    throw new CertificateFault("missing-private-key", "It holds a certificate, but no private key.");
  if (otherKeys.length > 0) throw new CertificateFault("several-private-keys", `It holds ${keys.length} private keys.`);
  if (key.asymmetricKeyType !== "rsa")
    throw new CertificateFault("unsupported-private-key", `Its private key is of the kind ${key.asymmetricKeyType}.`);
  if (certificates.length === 0)
    throw new CertificateFault("missing-certificate", "It holds a private key, but no certificate.");
  const leaf = certificates.find((one) => one.checkPrivateKey(key));
  if (leaf === undefined)
    throw new CertificateFault("mismatched-private-key", "Its private key belongs to none of its certificates.");
  return { key, chain: chainFrom(leaf, certificates) };
}
