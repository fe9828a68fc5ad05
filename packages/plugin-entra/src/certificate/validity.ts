import type { X509Certificate } from "node:crypto";
import { CertificateFault } from "./certificate-error.ts";

/** Milliseconds by which clocks may differ. Entra allows the same. */
const skew = 300_000;

/** Refuses a certificate that Entra would refuse for its dates. `now`: milliseconds since 1970. */
export function checkValidity({ validFromDate, validToDate }: X509Certificate, now: number): void {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now > validToDate.getTime())
    throw new CertificateFault("expired-certificate", `The certificate has expired on ${day(validToDate)}.`);
  if (now + skew < validFromDate.getTime())
    throw new CertificateFault("certificate-not-yet-valid", `The certificate is valid from ${day(validFromDate)} on.`);
}
