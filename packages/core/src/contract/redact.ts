const names = [
  "token|access_?token|refresh_?token|id_?token|oidc_?token|client_?secret|secret|client_?assertion|user_?assertion|assertion",
  "password|code_?verifier|device_?code|user_federated_identity_credential|authorization|x-identity-header",
].join("|");
const secretName = new RegExp(`^(?:${names})$`, "i");

/** What may hold a secret in text of any origin: forms, JSON, headers, URLs, JWTs, PEM. Each match keeps its name and loses its value. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{4,}(\.[\w-]*){0,4}/g, "[redacted]"],
  [/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[\s\S]{0,16384}?(-----END [A-Z ]{0,32}PRIVATE KEY-----|$)/g, "[redacted]"],
  [new RegExp(`\\b(${names}|code)=[^\\s&]+`, "gi"), "$1=[redacted]"],
  // JSON, also inside a JSON string, where every quote has a backslash before it
  [
    new RegExp(
      `(["'](?:${names})\\\\{0,4}["']\\s{0,4}:\\s{0,4})("(?:[^"\\\\]|\\\\[^])*"?|'(?:[^'\\\\]|\\\\[^])*'?|\\\\{1,4}["'][^"']*["']?)`,
      "gi",
    ),
    "$1[redacted]",
  ],
  // V8 quotes the text that it could not parse
  [/(?:\.{3})?".{0,80}"(?:\.{3})? is not valid JSON/gs, "[text] is not valid JSON"],
  [/\/\/[^\s/?#@]{1,512}@/g, "//[redacted]@"],
  [/\b(authorization|x-identity-header|secret): \S+( \S+)?/gi, "$1: [redacted]"],
  [/\b(Bearer|Basic|PoP) [\w.~+/=-]{16,}/g, "$1 [redacted]"],
];

/** Whether a field of this name is never shown, whatever it holds. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The text without tokens, secrets, assertions, codes and keys, cut to `limit` characters. */
export function redact(text: string, limit = 2048): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut);
}

const account = /[\w.+#-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;

/** The text without the names of accounts, which are personal data. */
export function hideAccounts(text: string): string {
  return text.replace(account, "[account]");
}

/** The text with `[redacted]` in place of each of these secrets, however short. */
export function blankOut(text: string, secrets: readonly string[]): string {
  return secrets.reduce((result, secret) => (secret === "" ? result : result.replaceAll(secret, "[redacted]")), text);
}

/** The secrets that a form sends, for `blankOut` of what comes back: some servers echo what they were sent. */
export function secretsOfForm(body: string | undefined): string[] {
  if (body === undefined || !body.includes("=")) return [];
  const fields = [...new URLSearchParams(body)].filter(([name]) => isSecretName(name) || name === "code");
  return fields.map(([, value]) => value);
}

/** The secrets that headers send, likewise: whole, and without the scheme before them. */
export function secretsOfHeaders(headers: Readonly<Record<string, string>> = {}): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (isSecretName(name) ? [value] : []));
  return values.flatMap((value) => [value, value.slice(value.indexOf(" ") + 1)]);
}
