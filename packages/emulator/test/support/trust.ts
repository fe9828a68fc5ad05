import tls from "node:tls";
import type { Emulator } from "../../src/emulator.ts";

/**
 * Makes this process trust the emulator. Has to be called before the first request of a client.
 *
 * @returns a function that ends it, for `beforeAll` and `beforeEach` to return
 */
export function trust({ caCertificate }: Pick<Emulator, "caCertificate">): () => void {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, caCertificate]);
  return () => tls.setDefaultCACertificates(before);
}
