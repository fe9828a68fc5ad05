import type { HttpRequest } from "../contract/system-services.ts";
import { isError } from "../util/is-error.ts";
import { isJsonObject, parseJsonObject } from "../util/json.ts";
import { blankOut } from "./blank-out.ts";

const names = [
  "token|access_?token|refresh_?token|id_?token|oidc_?token|client_?secret|secret|client_?assertion|user_?assertion|assertion",
  "password|code_?verifier|device_?code|user_federated_identity_credential|authorization|proxy-authorization|x-identity-header",
].join("|");
const secretName = new RegExp(`^(?:${names})$`, "i");

/**
 * What may hold a secret in text of any origin: forms, JSON, headers, URLs, JWTs, PEM. Each match
 * keeps its name and loses its value.
 */
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
  // the header `secret`, and not a text that begins with the name of the source `client-secret`
  [/(?<![\w-])((?:proxy-)?authorization|x-identity-header|secret): \S+( \S+)?/gi, "$1: [redacted]"],
  [/\b(Bearer|Basic|PoP) [\w.~+/=-]{16,}/g, "$1 [redacted]"],
];

/** Whether a field of this name is never shown, whatever it holds. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * Text of any origin, fit to be shown: without tokens, secrets, assertions, codes and keys, as far
 * as their names or forms tell them apart.
 *
 * @param limit letters that are kept
 * @param secrets what must not show in any encoding, under whatever name it stands: what was sent
 *   to the server whose text this is. Those of fewer than eight letters are not looked for
 */
export function redact(text: string, limit = 2048, secrets: readonly string[] = []): string {
  // cut after the known secrets are gone, so that no half of one is left
  const known = secrets.length === 0 ? text : blankOut(text, secrets, 4 * limit);
  const cut = known.length > limit ? `${known.slice(0, limit)}...` : known;
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut);
}

const account = /[\w.+#-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;

/** The text without the names of accounts, which are personal data. */
export function hideAccounts(text: string): string {
  return text.replace(account, "[account]");
}

/** Values of fields with the names of secrets, in what was parsed from JSON. */
function secretsOfFields(value: unknown, depth = 4): string[] {
  if (depth === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsOfFields(item, depth - 1));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    typeof field === "string" ? (isSecretName(name) ? [field] : []) : secretsOfFields(field, depth - 1),
  );
}

const secretsOfPairs = (pairs: URLSearchParams) =>
  [...pairs].flatMap(([name, value]) => (isSecretName(name) || name === "code" ? [value] : []));

function secretsOfBody(body: string): string[] {
  const fields = parseJsonObject(body);
  if (fields !== undefined) return secretsOfFields(fields);
  return body.includes("=") ? secretsOfPairs(new URLSearchParams(body)) : [];
}

/** A header whole, without the scheme before it, and the password of basic credentials. */
function secretsOfHeader(value: string): string[] {
  const [scheme = "", rest = ""] = value.split(/ (.*)/s);
  if (scheme.toLowerCase() !== "basic") return [value, rest];
  const [, password = ""] = Buffer.from(rest, "base64").toString("utf8").split(/:(.*)/s);
  return [value, rest, password];
}

/**
 * The secrets that a request sends, for `redact` of what comes back: some servers echo what they
 * were sent. They are recognised by their names, in the headers, the query, and a body that is a
 * form or JSON.
 */
export function secretsOfRequest({
  url,
  headers = {},
  body = "",
}: Pick<HttpRequest, "url" | "headers" | "body">): string[] {
  const query = URL.canParse(url) ? secretsOfPairs(new URL(url).searchParams) : [];
  const sent = Object.entries(headers).flatMap(([name, value]) => (isSecretName(name) ? secretsOfHeader(value) : []));
  return [...sent, ...query, ...secretsOfBody(body)].filter((secret) => secret !== "");
}

/** Changes a text; `name` is that of the field it stands in. */
export type MapText = (text: string, name?: string) => string;

/**
 * A copy of the fields of a log line in which every text is changed; an error stands there with its
 * message.
 */
export function mapTexts(value: unknown, map: MapText, depth: number, name?: string): unknown {
  if (typeof value === "string") return map(value, name);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "[...]";
  if (isError(value)) return map(value.message);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, depth - 1, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map, depth - 1, key)]));
}
