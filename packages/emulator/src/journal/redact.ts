type Entry = [name: string, value: string];

/** Replaces a secret. */
const redacted = "***";

const secretFields = new Set([
  "access_token",
  "actor_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_verifier",
  "device_code",
  "id_token",
  "password",
  "refresh_token",
  "subject_token",
  "user_code",
  "user_federated_identity_credential",
]);

const secretHeaders = new Set(["authorization", "cookie", "proxy-authorization", "secret", "x-identity-header"]);

/** A JSON Web Token in any field: three base64url parts, the first of them a JSON object. */
const jsonWebToken = /\beyJ[\w-]*\.[\w-]+\.[\w-]*/g;

export function redactFields(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries(redactEntries([...fields], secretFields));
}

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(redactEntries(Object.entries(headers), secretHeaders));
}

/** A query without secrets keeps its encoding. */
export function redactUrl(url: URL): URL {
  const query = [...url.searchParams];
  const redactedQuery = redactEntries(query, secretFields);
  const clean = new URL(url);
  clean.pathname = redactTokens(url.pathname);
  if (redactedQuery.some(([, value], index) => value !== query[index]?.[1])) {
    clean.search = new URLSearchParams(redactedQuery).toString();
  }
  return clean;
}

function redactEntries(entries: readonly Entry[], secrets: ReadonlySet<string>): Entry[] {
  return entries.map(([name, value]) => [name, secrets.has(name.toLowerCase()) ? redacted : redactTokens(value)]);
}

/** Redacts JSON Web Tokens in a text. */
export function redactTokens(text: string): string {
  return text.replace(jsonWebToken, redacted);
}
