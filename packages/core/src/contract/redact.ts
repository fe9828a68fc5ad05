/** What may hold a secret in text of any origin: forms, JSON, headers, JWTs, PEM. Each match keeps its name and loses its value. */
const names =
  "access_token|refresh_token|id_token|client_secret|client_assertion|assertion|password|code|code_verifier|device_code|secret|accessToken|oidcToken|user_federated_identity_credential";
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{4,}(\.[\w-]*){0,4}/g, "[redacted]"],
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[\s\S]{0,16384}?(-----END [A-Z ]{0,32}PRIVATE KEY-----|$)/g, "[redacted]"],
  [new RegExp(`\\b(${names})=[^\\s&]+`, "g"), "$1=[redacted]"],
  [new RegExp(`(["'](?:${names})["']\\s{0,4}:\\s{0,4})("[^"]*"?|'[^']*'?)`, "g"), "$1[redacted]"],
  [/\b(authorization|x-identity-header|secret): \S+( \S+)?/gi, "$1: [redacted]"],
  [/\b(Bearer|Basic|PoP) [\w.~+/=-]{16,}/g, "$1 [redacted]"],
];

/** The text without tokens, secrets, assertions, codes and keys, cut to `limit` characters. */
export function redact(text: string, limit = 2048): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut);
}
