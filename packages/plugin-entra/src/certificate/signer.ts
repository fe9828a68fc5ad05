import type { KeyObject, X509Certificate } from "node:crypto";
import { CertificateError } from "./certificate-error.ts";
import { crypto } from "./crypto.ts";
import { chainFrom, type KeyPair } from "./key-pair.ts";
import { parsePem } from "./pem.ts";

/** RFC 7518 sections 3.3 and 3.5. */
export type SignatureAlgorithm = "PS256" | "RS256";

/** Signs with a private key, in this process or outside it. */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** Leaf first. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A signer whose key is outside this process: in a vault, a hardware module, another process. */
export interface ExternalSigner {
  /** Default: `PS256`. */
  readonly algorithm?: SignatureAlgorithm;
  /** PEM: the certificate and its issuers, leaf first. */
  readonly certificateChain: string;
  /**
   * Returns the signature of `data`: RSASSA-PSS with SHA-256 and a salt of 32 bytes (`PS256`), or
   * RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`).
   *
   * @throws {Error} any error; the token request fails with `signer-failed`
   */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

function keyOptions(key: KeyObject, algorithm: SignatureAlgorithm) {
  return algorithm === "PS256" ? { key, padding: crypto().constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key;
}

/** By the Web Crypto API: workerd signs so alone. The key is imported for the first signature. */
export function localSigner({ key, chain }: KeyPair, algorithm: SignatureAlgorithm): Signer {
  const name = algorithm === "PS256" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
  const { subtle } = crypto().webcrypto;
  const importKey = () =>
    subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), { name, hash: "SHA-256" }, false, ["sign"]);
  let imported: ReturnType<typeof importKey> | undefined;
  return {
    algorithm,
    chain,
    async sign(data) {
      imported ??= importKey();
      return new Uint8Array(
        await subtle.sign({ name, saltLength: 32 }, await imported, data as Uint8Array<ArrayBuffer>),
      );
    },
  };
}

/**
 * The caller's signer. Each signature is verified, because Entra's error for a wrong one does not
 * tell the cause.
 */
export function externalSigner({ algorithm = "PS256", certificateChain, sign }: ExternalSigner): Signer {
  const [first, ...others] = parsePem(certificateChain).certificates;
  if (first === undefined)
    throw new CertificateError("missing-certificate", "`certificateChain` of the signer has no certificate.");
  return {
    algorithm,
    chain: chainFrom(first, others),
    async sign(data) {
      const signature = await Promise.resolve()
        .then(() => sign(data))
        .catch((cause) => {
          throw new CertificateError("signer-failed", "The signer threw an error.", cause);
        });
      const isBytes = signature instanceof Uint8Array;
      if (isBytes && crypto().verify("sha256", data, keyOptions(first.publicKey, algorithm), signature))
        return signature;
      throw new CertificateError(
        "signer-failed",
        `The signer did not return a ${algorithm} signature by the key of its certificate.`,
      );
    },
  };
}
