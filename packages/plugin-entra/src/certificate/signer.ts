import { constants, type KeyObject, sign, verify, type X509Certificate } from "node:crypto";
import { promisify } from "node:util";
import { CertificateFault } from "./certificate-error.ts";
import { chainFrom, type KeyPair } from "./key-pair.ts";
import { parsePem } from "./pem.ts";

/** RFC 7518 sections 3.3 and 3.5. */
export type SignatureAlgorithm = "PS256" | "RS256";

/** Signs with a private key that this process need not have. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** Leaf first. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** What a caller gives whose key stays elsewhere: in a vault, a hardware module, another process. */
export interface ExternalSigner {
  /** Default: `PS256`. */
  readonly algorithm?: SignatureAlgorithm;
  /** PEM: the certificate, and those that vouch for it. */
  readonly certificateChain: string;
  /** The signature of `data`: RSASSA-PSS with SHA-256 and a salt of 32 bytes (`PS256`), or RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`). */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

function keyOptions(key: KeyObject, algorithm: SignatureAlgorithm) {
  return algorithm === "PS256" ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key;
}

const signAsync = promisify(sign);

export function localSigner({ key, chain }: KeyPair, algorithm: SignatureAlgorithm): Signer {
  return { algorithm, chain, sign: (data) => signAsync("sha256", data, keyOptions(key, algorithm)) };
}

/** A signer that was handed in. Each signature is verified, because Entra's answer to a wrong one would not say what is wrong. */
export function externalSigner({ algorithm = "PS256", certificateChain, sign }: ExternalSigner): Signer {
  const [first, ...others] = parsePem(certificateChain).certificates;
  if (first === undefined)
    throw new CertificateFault("missing-certificate", "`certificateChain` of the signer holds no certificate.");
  return {
    algorithm,
    chain: chainFrom(first, others),
    async sign(data) {
      const signature = await Promise.resolve()
        .then(() => sign(data))
        .catch((cause) => {
          throw new CertificateFault("signer-failed", "The signer threw an error.", cause);
        });
      const isBytes = signature instanceof Uint8Array;
      if (isBytes && verify("sha256", data, keyOptions(first.publicKey, algorithm), signature)) return signature;
      throw new CertificateFault(
        "signer-failed",
        `The signer's answer is no ${algorithm} signature by the key of its certificate.`,
      );
    },
  };
}
