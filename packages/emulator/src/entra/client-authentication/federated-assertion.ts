import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { Application } from "../application.ts";
import type { Authority } from "../authority.ts";
import { type FederatedCredential, tokenExchangeAudience } from "../client-credential.ts";
import { findTenant } from "../directory.ts";
import { tokenExchange } from "../resources.ts";
import { StsError } from "../sts-error.ts";
import { type AssertionToken, audiencesOf } from "./assertion-token.ts";

/** Verifies a token that matches a federated credential by issuer, subject and audience. */
export async function checkFederatedAssertion(
  authority: Authority,
  application: Application,
  assertion: AssertionToken,
): Promise<void> {
  const { iss = "" } = assertion.claims;
  const credential = findCredential(authority, application, assertion);
  if (tenantOfIssuer(authority, iss) !== undefined && assertion.claims.idtyp !== "app") throw new StsError(700229);

  const keys = credential.keys ?? (await keysOf(authority, iss));
  if (keys === undefined) throw new StsError(50166, { issuer: iss });
  if (!(await isSignedBy(keys, assertion))) {
    throw new StsError(700027, { clientId: application.clientId, reason: "The key was not found" });
  }
}

function findCredential(
  authority: Authority,
  { clientId, credentials: { federated } }: Application,
  { claims }: AssertionToken,
): FederatedCredential {
  const { iss = "", sub = "" } = claims;
  if (federated.length === 0) throw new StsError(70021, { clientId });
  const ofIssuer = federated.filter(({ issuer }) => isSameIssuer(authority, issuer, iss));
  if (ofIssuer.length === 0) throw new StsError(700211, { issuer: iss });
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) throw new StsError(700213, { subject: sub });
  const sent = audiencesOf(claims).map((audience) =>
    audience === tokenExchange.audience ? tokenExchangeAudience : audience,
  );
  const [credential] = ofSubject.filter(({ audiences = [tokenExchangeAudience] }) =>
    audiences.some((audience) => sent.includes(audience)),
  );
  if (credential === undefined) throw new StsError(700212, { audience: sent.join(", ") });
  return credential;
}

/** Issuers match exactly, except that a tenant has several names. */
function isSameIssuer(authority: Authority, registered: string, sent: string): boolean {
  if (registered === sent) return true;
  const tenant = tenantOfIssuer(authority, registered);
  return tenant !== undefined && tenant === tenantOfIssuer(authority, sent);
}

/** The tenant whose v1.0 or v2.0 issuer this is, under any name of the authority. */
function tenantOfIssuer({ tenants }: Authority, issuer: string) {
  const [, name] =
    /^https:\/\/sts\.windows\.net\/([^/]+)\/$/.exec(issuer) ?? /^https:\/\/[^/]+\/([^/]+)\/v2\.0$/.exec(issuer) ?? [];
  return name === undefined ? undefined : findTenant(tenants, name);
}

async function keysOf(authority: Authority, issuer: string): Promise<JSONWebKeySet | undefined> {
  const key = tenantOfIssuer(authority, issuer) === undefined ? authority.issuers.get(issuer) : authority.signingKey;
  return key && { keys: [await key.publicKey()] };
}

async function isSignedBy(keys: JSONWebKeySet, { text }: AssertionToken): Promise<boolean> {
  try {
    await compactVerify(text, createLocalJWKSet(keys), { algorithms: ["RS256"] });
    return true;
  } catch {
    return false;
  }
}
