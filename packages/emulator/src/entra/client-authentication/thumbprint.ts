import type { Thumbprints } from "../client-credential.ts";
import type { AssertionToken } from "./assertion-token.ts";

/** Whether the header names this certificate: by `x5t#S256`, `x5t`, or one of the two forms of `kid`. */
export function names({ header }: AssertionToken, { sha1, sha256 }: Thumbprints): boolean {
  const { x5t, kid, "x5t#S256": x5tS256 } = header;
  if (x5tS256 !== undefined) return toBase64Url(x5tS256) === sha256;
  if (x5t !== undefined) return toBase64Url(x5t) === sha1;
  const hex = Buffer.from(sha1, "base64url").toString("hex");
  return kid !== undefined && (toBase64Url(kid) === sha1 || kid.toLowerCase() === hex);
}

/** Some clients send padding, or the other alphabet; Entra takes both. */
function toBase64Url(value: unknown): string {
  return String(value).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}
