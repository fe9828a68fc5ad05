import type { AuthenticationErrorCode } from "../contract/error-code.ts";
import type {
  GetTokenOptions,
  NormalizedRequest,
  OriginalRequest,
  ProofOfPossessionOptions,
} from "../contract/token.ts";
import { AuthenticationError } from "../errors/errors.ts";
import { isGuid, isTenant, randomUuid } from "../util/ids.ts";
import { isJsonObject, parseJsonObject } from "../util/json.ts";

/** RFC 6749 section 3.3, without the quotes that a command line could trip over. */
const scopeCharacters = /^[\x21\x23-\x26\x28-\x5b\x5d-\x5f\x61-\x7e]{1,1024}$/;
const maxClaims = 65_536;

function refuse(code: AuthenticationErrorCode, message: string, remedy: string): AuthenticationError {
  return new AuthenticationError(message, "misconfigured", { code, remedy });
}

const scopeExample = 'Ask for a resource, like "https://vault.azure.net/.default".';

/**
 * A bare resource (a URL without a path, or an application id) means all its permissions:
 * `/.default` is added.
 */
function normalizeScope(text: string): string {
  const bare = isGuid(text) || /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]+\/?$/.test(text);
  const scope = bare ? `${text}/.default` : text;
  if (scopeCharacters.test(scope)) return scope;
  throw refuse("invalid-scope", "A scope is too long, or holds a character that does not belong there.", scopeExample);
}

/**
 * Scopes in normal form: split at blanks, completed, sorted, without duplicates. Normalising twice
 * changes nothing.
 */
export function normalizeScopes(scopes: unknown): readonly [string, ...string[]] {
  if (typeof scopes === "string" && /^[^ ]+$/.test(scopes)) return [normalizeScope(scopes)];
  const list: readonly unknown[] = Array.isArray(scopes) ? scopes : [scopes ?? ""];
  const words = list.flatMap((one) => {
    if (typeof one !== "string") throw refuse("invalid-scope", "A scope is not a string.", scopeExample);
    return one.split(" ").filter((word) => word !== "");
  });
  const [first, ...rest] = [...new Set(words.map(normalizeScope))].sort();
  if (first === undefined) throw refuse("no-scope", "No scope was requested.", scopeExample);
  return [first, ...rest];
}

/**
 * A tenant in lower case; refuses what is neither an id nor a domain. The message does not repeat
 * what may be hostile text.
 */
export function normalizeTenant(tenantId: unknown): string {
  if (isTenant(tenantId)) return tenantId.toLowerCase();
  throw refuse("invalid-tenant", "The requested tenant is neither a directory id nor a domain.", "Check `tenantId`.");
}

/**
 * The claims as they came; refuses what is not a JSON object, as a whole or in its two known parts.
 */
function checkClaims(claims: unknown): string {
  const wrong = () =>
    refuse(
      "invalid-claims",
      "The claims are not the JSON text of an object.",
      "Decode the challenge's claims from base64 first.",
    );
  if (typeof claims !== "string" || claims.length > maxClaims) throw wrong();
  const value = parseJsonObject(claims);
  if (value === undefined) throw wrong();
  for (const part of ["access_token", "id_token"]) {
    if (Object.hasOwn(value, part) && !isJsonObject(value[part])) throw wrong();
  }
  return claims;
}

/**
 * The options of a call; throws for members of another type, as plain JavaScript may pass
 * them.
 */
function checkOptions(given: unknown): GetTokenOptions {
  const wrong = (what: string, remedy: string) => refuse("invalid-argument", `${what}.`, remedy);
  if (!isJsonObject(given)) throw wrong("The options of the call are not an object", "Omit them, or pass an object.");
  const { abortSignal, requestOptions } = given as GetTokenOptions;
  const listens = (method: "addEventListener" | "removeEventListener") =>
    typeof Object(abortSignal)[method] === "function";
  if (abortSignal !== undefined && !(listens("addEventListener") && listens("removeEventListener")))
    throw wrong("`abortSignal` is not an AbortSignal", "Pass the `signal` of an AbortController.");
  const timeout: unknown = Object(requestOptions).timeout;
  if (timeout !== undefined && (typeof timeout !== "number" || Number.isNaN(timeout)))
    throw wrong("`requestOptions.timeout` is not a number", "Give milliseconds.");
  return given;
}

/** What a proof-of-possession token is bound to, as it is now. */
function checkProof(given: unknown): ProofOfPossessionOptions {
  const { nonce, resourceRequestMethod, resourceRequestUrl } = Object(given) as ProofOfPossessionOptions;
  const parts = [nonce, resourceRequestMethod, resourceRequestUrl];
  if (parts.every((part) => typeof part === "string"))
    return Object.freeze({ nonce, resourceRequestMethod, resourceRequestUrl });
  throw refuse(
    "invalid-proof-of-possession",
    "A member of `proofOfPossessionOptions` is not a string.",
    "Give `nonce`, `resourceRequestMethod` and `resourceRequestUrl`.",
  );
}

/** A copy of the call with its known parts, because its caller may reuse the objects. */
function originalOf(scopes: unknown, { abortSignal: _, ...options }: GetTokenOptions): OriginalRequest {
  const own: Record<string, unknown> = options;
  for (const part of ["requestOptions", "tracingOptions", "proofOfPossessionOptions"]) {
    if (isJsonObject(own[part])) own[part] = { ...own[part] };
  }
  return Object.freeze({
    scopes: (Array.isArray(scopes) ? Object.freeze([...scopes]) : scopes) as OriginalRequest["scopes"],
    options: Object.freeze(options),
  });
}

/** Checks one call of `getToken` and normalises it. */
export function normalizeRequest(
  scopes: unknown,
  given: GetTokenOptions = {},
  userAssertion?: string,
): NormalizedRequest {
  const options = checkOptions(given);
  const { proofOfPossessionOptions: proof, correlationId: id } = options;
  return Object.freeze({
    scopes: Object.freeze(normalizeScopes(scopes)),
    tenantId: options.tenantId === undefined ? undefined : normalizeTenant(options.tenantId),
    claims: options.claims === undefined ? undefined : checkClaims(options.claims),
    enableCae: options.enableCae === true,
    proofOfPossession: proof === undefined ? undefined : checkProof(proof),
    userAssertion,
    correlationId: isGuid(id) ? id : randomUuid(),
    original: originalOf(scopes, options),
  });
}
