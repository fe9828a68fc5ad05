import type { X509Certificate } from "node:crypto";
import { compactVerify } from "jose";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { aliasesOf } from "../clouds.ts";
import { StsError } from "../sts-error.ts";
import type { TokenRequest } from "../token-request.ts";
import { type AssertionToken, audiencesOf, namesCertificate } from "./assertion-token.ts";
import { findBySubject } from "./trusted-subject.ts";

const algorithms = ["RS256", "PS256"];

/** Verifies an assertion signed with the key of a registered or a trusted certificate. */
export async function checkCertificateAssertion(
  authority: Authority,
  request: TokenRequest,
  application: Application,
  assertion: AssertionToken,
): Promise<void> {
  const { header, claims } = assertion;
  const { clientId } = application;
  if (!algorithms.includes(header.alg ?? "")) throw new StsError(5002730, { algorithm: header.alg ?? "none" });

  const certificate = findCertificate(application, assertion, authority.clock.now());
  if (!(await isSignedBy(certificate, assertion))) throw invalidSignature(application, "The signature does not match");
  const isOwn = [claims.iss, claims.sub].every((name) => name?.toLowerCase() === clientId.toLowerCase());
  if (!isOwn) throw new StsError(700021);
  if (!audiencesOf(claims).some((audience) => isAssertionAudience(request, audience))) {
    throw new StsError(700023, { audience: audiencesOf(claims).join(", ") });
  }
}

function findCertificate(application: Application, assertion: AssertionToken, now: number): X509Certificate {
  const known = application.credentials.certificates.find(({ thumbprints }) =>
    namesCertificate(assertion, thumbprints),
  );
  if (known !== undefined) {
    if (!isValidAt(known.certificate, now)) throw invalidSignature(application, "The key used is expired");
    return known.certificate;
  }
  const trusted = findBySubject(application, assertion);
  if (trusted === undefined) throw invalidSignature(application, "The key was not found");
  if (!isValidAt(trusted, now)) throw new StsError(1000502);
  return trusted;
}

async function isSignedBy({ publicKey }: X509Certificate, { text }: AssertionToken): Promise<boolean> {
  try {
    await compactVerify(text, publicKey, { algorithms });
    return true;
  } catch {
    return false;
  }
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now < validToDate.getTime();
}

function invalidSignature({ clientId }: Application, reason: string): StsError {
  return new StsError(700027, { clientId, reason });
}

/**
 * Whether the audience is the token endpoint of the tenant or the issuer of its v2.0 tokens, under
 * the host name that the client called or another name of the same cloud.
 */
export function isAssertionAudience({ tenant, origin }: TokenRequest, audience: string): boolean {
  if (!URL.canParse(audience)) return false;
  const url = new URL(audience);
  const { host } = new URL(origin);
  const [name = "", ...path] = url.pathname.replace(/^\/|\/$/g, "").split("/");
  return (
    url.protocol === "https:" &&
    aliasesOf(host).includes(url.host) &&
    [tenant.tenantId, ...tenant.domains].some((known) => known.toLowerCase() === name.toLowerCase()) &&
    ["oauth2/v2.0/token", "oauth2/token", "v2.0"].includes(path.join("/"))
  );
}
