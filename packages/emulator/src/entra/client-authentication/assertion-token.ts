import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import { StsError } from "../sts-error.ts";

/** A client assertion as it was sent: readable, and not to be believed yet. */
export interface AssertionToken {
  readonly text: string;
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

export function readAssertion(text: string): AssertionToken {
  try {
    return { text, header: decodeProtectedHeader(text), claims: decodeJwt(text) };
  } catch {
    throw new StsError(50027, { reason: "The assertion is no JSON Web Token." });
  }
}

/**
 * Whether `now` (seconds) is in the time that the assertion is for: until then, and no longer than a day. There is no leeway,
 * but a second has begun for clients that round the time, as MSAL does.
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
