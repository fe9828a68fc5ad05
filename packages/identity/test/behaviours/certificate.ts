import { createHash, createPrivateKey } from "node:crypto";
import type { ClientCertificate, Emulator } from "@azidentity/emulator";

export interface TestCertificate extends ClientCertificate {
  /** The PEM with an encrypted key. */
  readonly encrypted: string;
  /** SHA-256 of the certificate, base64url. */
  readonly thumbprint: string;
  /** The DER of certificate and authority, base64: `x5c`. */
  readonly chain: readonly string[];
}

export const password = "open sesame";
const made = new WeakMap<Emulator, Promise<TestCertificate>>();

async function make(emulator: Emulator): Promise<TestCertificate> {
  const certificate = await emulator.createCertificate();
  emulator.credentials.add({ certificate: certificate.certificate });
  const key = createPrivateKey(certificate.privateKey);
  const encryptedKey = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password });
  const chain = [certificate.certificate, certificate.authority].map((pem) =>
    pem.replaceAll(/-----[^-]*-----|\s/g, ""),
  );
  return {
    ...certificate,
    chain,
    encrypted: `${encryptedKey}${certificate.certificate}`,
    thumbprint: createHash("sha256")
      .update(Buffer.from(chain[0] ?? "", "base64"))
      .digest("base64url"),
  };
}

/** A certificate of the application, one for all rows of an emulator. */
export function certificateOf(emulator: Emulator): Promise<TestCertificate> {
  const certificate = made.get(emulator) ?? make(emulator);
  made.set(emulator, certificate);
  return certificate;
}
