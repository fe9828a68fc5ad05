import tls from "node:tls";
import type { Emulator } from "../../src/emulator.ts";

/** Makes this process trust the emulator. Has to be called before the first request of a client. */
export function trust({ caCertificate }: Emulator): void {
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), caCertificate]);
}
