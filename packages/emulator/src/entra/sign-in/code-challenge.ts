import { createHash } from "node:crypto";
import { StsError } from "../sts-error.ts";

/** PKCE (RFC 7636). */
export interface CodeChallenge {
  readonly method: "S256" | "plain";
  readonly value: string;
}

/** The syntax of both challenges and verifiers. */
const form = /^[\w.~-]{43,128}$/;

export function readCodeChallenge(value: string | undefined, method = "plain"): CodeChallenge | undefined {
  if (value === undefined) return undefined;
  if (method !== "S256" && method !== "plain") {
    throw new StsError(90023, { parameter: "code_challenge_method", value: method });
  }
  if (!form.test(value)) throw new StsError(501491);
  return { method, value };
}

/** A code without a challenge must be redeemed without a verifier. */
export function checkCodeVerifier(challenge: CodeChallenge | undefined, verifier: string | undefined): void {
  const answer = verifier && challenge ? transform(verifier, challenge.method) : verifier;
  if (answer !== challenge?.value) throw new StsError(501481);
}

function transform(verifier: string, method: CodeChallenge["method"]): string {
  return method === "plain" ? verifier : createHash("sha256").update(verifier, "ascii").digest("base64url");
}
