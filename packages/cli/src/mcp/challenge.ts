/** What a server says in `WWW-Authenticate` about the token that it wants. */
export interface BearerChallenge {
  /** JSON text of a claims challenge. */
  readonly claims: string | undefined;
  /** Such as `invalid_token`, `insufficient_scope`. RFC 6750 section 3.1. */
  readonly error: string | undefined;
  /** The scope that the server names. It is shown, and never requested. */
  readonly scope: string | undefined;
}

/** A header is longer than this only where a server wants to keep a parser busy. */
const maxHeaderLength = 16_384;

/** A parameter, `name=value` or `name="value"`, or a word alone, which is the name of a scheme. */
const parts = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

/** The challenge of the scheme Bearer, of all that a header has. RFC 9110 section 11.6.1. */
export function readBearerChallenge(header: string | undefined): BearerChallenge | undefined {
  if (header === undefined || header.length > maxHeaderLength) return undefined;
  let isBearer = false;
  let found: Map<string, string> | undefined;
  for (const [, name = "", quoted, plain] of header.matchAll(parts)) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    if (value === undefined) {
      isBearer = name.toLowerCase() === "bearer";
      if (isBearer) found ??= new Map();
    } else if (isBearer && !found?.has(name.toLowerCase())) found?.set(name.toLowerCase(), value);
  }
  if (found === undefined) return undefined;
  return { claims: decodeClaims(found.get("claims")), error: found.get("error"), scope: found.get("scope") };
}

/** The claims are JSON as base64, with the alphabet of URLs or without. */
function decodeClaims(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = value.trimStart().startsWith("{") ? value : Buffer.from(value, "base64").toString("utf8");
  try {
    const claims: unknown = JSON.parse(text);
    return typeof claims === "object" && claims !== null && !Array.isArray(claims) ? text : undefined;
  } catch {
    return undefined;
  }
}
