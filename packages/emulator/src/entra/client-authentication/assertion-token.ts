import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import type { Thumbprints } from "../client-credential.ts";
import { StsError } from "../sts-error.ts";

/** A decoded client assertion, before its verification. */
export interface AssertionToken {
  readonly text: string;
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

export function readAssertion(text: string): AssertionToken {
  try {
    return { text, header: decodeProtectedHeader(text), claims: decodeJwt(text) };
  } catch {
    throw new StsError(50027, { reason: "The assertion is not a JSON Web Token." });
  }
}

/**
 * Whether the header identifies this certificate: by `x5t#S256`, `x5t`, or one of the two forms of
 * `kid`.
 */
export function namesCertificate({ header }: AssertionToken, { sha1, sha256 }: Thumbprints): boolean {
  const { x5t, kid, "x5t#S256": x5tS256 } = header;
  if (x5tS256 !== undefined) return toBase64Url(x5tS256) === sha256;
  if (x5t !== undefined) return toBase64Url(x5t) === sha1;
  const hex = Buffer.from(sha1, "base64url").toString("hex");
  return kid !== undefined && (toBase64Url(kid) === sha1 || kid.toLowerCase() === hex);
}

/** Some clients send padding or the standard alphabet; Entra accepts both. */
function toBase64Url(value: unknown): string {
  return String(value).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * Throws unless the assertion is valid at `now` (seconds) and for at most 24 hours more. There is
 * no leeway, except that `nbf` may be in the current second, because MSAL rounds the time up.
 */
export function checkLifetime({ exp, nbf }: JWTPayload, now: number): void {
  if (typeof exp !== "number") throw new StsError(50027, { reason: "The claim exp is missing." });
  const isCurrent = exp > now && (nbf === undefined || nbf <= Math.ceil(now));
  if (!isCurrent || exp - now > 24 * 60 * 60) {
    throw new StsError(700024, { now: toText(now), expiry: toText(exp) });
  }
}

export function audiencesOf({ aud = [] }: JWTPayload): readonly string[] {
  return typeof aud === "string" ? [aud] : aud;
}

function toText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
