import { X509Certificate } from "node:crypto";
import type { Application } from "../application.ts";
import { thumbprintsOf } from "../client-credential.ts";
import { StsError } from "../sts-error.ts";
import { type AssertionToken, namesCertificate } from "./assertion-token.ts";

/**
 * The first certificate of `x5c`, if the application trusts its subject and issuer; `undefined`
 * without `x5c` or without trusted subjects.
 */
export function findBySubject(
  { clientId, credentials: { trustedSubjects } }: Application,
  assertion: AssertionToken,
): X509Certificate | undefined {
  const chain = readChain(assertion);
  const [leaf] = chain;
  if (leaf === undefined || trustedSubjects.length === 0) return undefined;
  if (!namesCertificate(assertion, thumbprintsOf(leaf))) {
    throw new StsError(700027, { clientId, reason: "The thumbprint is not that of the first certificate of x5c" });
  }
  const subjects = subjectsOf(leaf);
  const bySubject = trustedSubjects.filter(({ subjectName }) => subjects.includes(subjectName.toLowerCase()));
  if (bySubject.length === 0) throw new StsError(700030, { subjects: subjects.join(", ") });
  if (!bySubject.some(({ authority }) => endsAt(chain, new X509Certificate(authority)))) {
    throw new StsError(700027, { clientId, reason: "The certificate chain does not lead to a trusted issuer" });
  }
  return leaf;
}

function readChain({ header: { x5c } }: AssertionToken): X509Certificate[] {
  if (x5c === undefined) return [];
  try {
    return x5c.map((certificate) => new X509Certificate(Buffer.from(certificate, "base64")));
  } catch {
    throw new StsError(50027, { reason: "The header x5c is not a list of certificates." });
  }
}

/** Common name and DNS names, in lower case. */
function subjectsOf({ subject, subjectAltName = "" }: X509Certificate): string[] {
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  const alternative = [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name);
  return [...(common === undefined ? [] : [common]), ...alternative].map((name) => name.toLowerCase());
}

/** Whether each certificate is signed by the next one, and the last one by the authority. */
function endsAt(chain: readonly X509Certificate[], authority: X509Certificate): boolean {
  return chain.every((certificate, index) => {
    const issuer = chain[index + 1] ?? authority;
    const isAuthority = index > 0 && certificate.fingerprint256 === authority.fingerprint256;
    return isAuthority || (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
}
