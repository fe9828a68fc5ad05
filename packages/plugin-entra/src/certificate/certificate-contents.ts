import type { KeyObject, X509Certificate } from "node:crypto";

/** What a certificate file holds, in the order of the file. */
export interface CertificateContents {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}
