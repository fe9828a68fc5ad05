import { type HttpResponse, outcomeError } from "@azidentity/core/plugin";

/** The kinds of faults that the rule distinguishes. */
export type FaultKind =
  /** A token comes. */
  | "token"
  /** No answer at all: refused, reset, unreachable, or silent for longer than a host may take. */
  | "silence"
  /** The token path does not exist, in whatever words. */
  | "not-found"
  /** Docker Desktop's words for an address that it cannot reach. */
  | "docker"
  /** The metadata service's JSON: the identity is not assigned to this machine. */
  | "identity-not-found"
  /** The host's own JSON: it issues no tokens for this resource. */
  | "unsupported-audience"
  /** Another refusal, or an answer without a usable token, in the metadata service's JSON. */
  | "own-json"
  /** Any other answer: it may be that of a proxy, a gateway, or another cloud. */
  | "foreign";

export type Reply = Partial<HttpResponse> | Error | "silence";

export interface Fault {
  readonly title: string;
  readonly kind: FaultKind;
  /** Milliseconds before the reply; the default is none. */
  readonly delayMs?: number;
  /** How many requests get the reply before a token comes; the default is all. */
  readonly times?: number;
  /** `now`: milliseconds since 1970. */
  readonly reply: (now: number) => Reply;
}

const lifetimeSeconds = 3_600;

/** The body of a host's answer with a token for an hour; `changes` spoil it. */
export function tokenBody(now: number, changes: Readonly<Record<string, unknown>> = {}): string {
  const expiresOn = String(Math.floor(now / 1_000) + lifetimeSeconds);
  return JSON.stringify({
    access_token: "token-of-the-host",
    token_type: "Bearer",
    expires_on: expiresOn,
    expires_in: String(lifetimeSeconds),
    resource: "https://vault.azure.net",
    ...changes,
  });
}

const json = { "content-type": "application/json" };
const html = { "content-type": "text/html" };
const page = (text: string) => `<!DOCTYPE html><html><head><title>${text}</title></head><body>${text}</body></html>`;

function network(title: string, code: string): Fault {
  return {
    title,
    kind: "silence",
    reply: () => outcomeError("unreachable", `No answer from the host (${code}).`),
  };
}

function answer(kind: FaultKind, title: string, response: Partial<HttpResponse>): Fault {
  return { title, kind, reply: () => response };
}

/** A refusal in the form of the metadata service. */
function refusal(status: number, error: string, description: string, headers: HttpResponse["headers"] = {}): Fault {
  const body = JSON.stringify({ error, error_description: description });
  return answer("own-json", `${status} ${error}: ${description}`, { status, headers: { ...json, ...headers }, body });
}

/** An answer with status 200 that holds a token which cannot be used. */
function spoilt(title: string, changes: Readonly<Record<string, unknown>>): Fault {
  return { title, kind: "own-json", reply: (now) => ({ headers: json, body: tokenBody(now, changes) }) };
}

function slow(title: string, delayMs: number): Fault {
  return { title, kind: "token", delayMs, reply: (now) => ({ headers: json, body: tokenBody(now) }) };
}

const connections: readonly Fault[] = [
  network("the connection is refused", "ECONNREFUSED"),
  network("the host is unreachable", "EHOSTUNREACH"),
  network("the network is unreachable", "ENETUNREACH"),
  network("the name does not resolve", "ENOTFOUND"),
  network("the resolver does not respond", "EAI_AGAIN"),
  network("the connection times out", "ETIMEDOUT"),
  network("the connection is reset before the headers", "ECONNRESET"),
  network("the connection is closed within the body", "connection closed"),
  network("the server does not speak HTTP", "HPE_INVALID_CONSTANT"),
  { title: "no response", kind: "silence", reply: () => "silence" },
  {
    title: "the certificate is not trusted",
    kind: "foreign",
    reply: () => outcomeError("misconfigured", "The certificate is not trusted.", { code: "untrusted-certificate" }),
  },
  {
    title: "another certificate than the announced one",
    kind: "foreign",
    reply: () => outcomeError("misconfigured", "Another certificate is shown.", { code: "unexpected-certificate" }),
  },
  {
    title: "a response of 10 MB",
    kind: "foreign",
    reply: () => outcomeError("failed", "The answer is too long.", { code: "answer-too-large" }),
  },
  slow("a token after half a second", 500),
  slow("a token after 5 s", 5_000),
  slow("a token after 20 s", 20_000),
  slow("a token after two minutes", 120_000),
];

const successes: readonly Fault[] = [
  slow("a token at once", 0),
  answer("foreign", "200, empty", { body: "" }),
  answer("foreign", "200, HTML", { headers: html, body: page("Welcome to our hotel") }),
  { title: "200, cut JSON", kind: "foreign", reply: (now) => ({ headers: json, body: tokenBody(now).slice(0, 40) }) },
  answer("foreign", "200, a JSON array", { headers: json, body: "[]" }),
  answer("foreign", '200, {"status":"ok"}', { headers: json, body: '{"status":"ok"}' }),
  answer("foreign", "200, compressed bytes", { headers: json, body: "\u001F\uFFFD\b\u0000\u0000\u0000\u0000" }),
  { ...spoilt("200 without access_token", { access_token: undefined }), kind: "foreign" },
  { ...spoilt("200 with an empty access_token", { access_token: "" }), kind: "foreign" },
  spoilt("200 with a token that has expired", { expires_on: "1586984735", expires_in: "0" }),
  spoilt("200 without a time of expiry", { expires_on: undefined, expires_in: undefined }),
  spoilt("200 with a token of another type", { token_type: "pop" }),
  { ...refusal(200, "invalid_request", "Bad request"), title: "200 with an error in JSON", kind: "foreign" },
  answer("foreign", "204", { status: 204 }),
  answer("foreign", "302 to a page to sign in at", { status: 302, headers: { location: "https://hotel.example/" } }),
  answer("foreign", "307 to https", { status: 307, headers: { location: "https://169.254.169.254/" } }),
];

const refusals: readonly Fault[] = [
  { ...refusal(400, "invalid_request", "Identity not found"), kind: "identity-not-found" },
  refusal(400, "invalid_request", "Multiple user assigned identities exist"),
  refusal(400, "invalid_request", "Bad request"),
  refusal(400, "invalid_resource", "AADSTS500011: The resource principal was not found"),
  answer("unsupported-audience", "400 AudienceNotSupported", {
    status: 400,
    headers: json,
    body: '{"error":{"code":"AudienceNotSupported","message":"Audience https://vault.azure.net is not supported."}}',
  }),
  answer("foreign", "400, the message of App Service", {
    status: 400,
    headers: json,
    body: '{"statusCode":400,"message":"Unable to load the proper Managed Identity."}',
  }),
  answer("foreign", "400, empty", { status: 400 }),
  answer("foreign", "400, HTML", { status: 400, headers: html, body: page("Bad Request") }),
  answer("foreign", "401, empty", { status: 401 }),
  answer("foreign", "401 unknown_source", { status: 401, headers: json, body: '{"error":"unknown_source"}' }),
  answer("foreign", "401, HTML, as from Amazon", { status: 401, headers: html, body: page("401 - Unauthorized") }),
  answer("foreign", "401 that names a key file which is missing", {
    status: 401,
    headers: { "www-authenticate": "Basic realm=/var/opt/azcmagent/tokens/missing.key" },
  }),
  answer("foreign", "403, empty", { status: 403 }),
  answer("foreign", "403 access_denied", { status: 403, headers: json, body: '{"error":"access_denied"}' }),
  answer("foreign", "403, HTML, as from Google", {
    status: 403,
    headers: html,
    body: page("Missing Metadata-Flavor:Google header."),
  }),
  answer("docker", "403, as from Docker Desktop", {
    status: 403,
    body: "connecting to 169.254.169.254:80: A socket operation was attempted to an unreachable network.",
  }),
  answer("not-found", "404, empty", { status: 404 }),
  answer("not-found", "404 not_found", { status: 404, headers: json, body: '{"error":"not_found"}' }),
  answer("not-found", "404, HTML", { status: 404, headers: html, body: page("404 - Not FoundHost") }),
  answer("foreign", "405, HTML", { status: 405, headers: html, body: page("Method Not Allowed") }),
  answer("foreign", "407, as from a proxy", { status: 407, headers: { "proxy-authenticate": "Basic" } }),
  answer("foreign", "408, empty", { status: 408 }),
  answer("foreign", "410, empty", { status: 410 }),
  { ...answer("foreign", "410 twice, then a token", { status: 410 }), times: 2 },
];

const overloads: readonly Fault[] = [
  refusal(429, "too_many_requests", "Slow down"),
  { ...refusal(429, "too_many_requests", "Slow down", { "retry-after": "5" }), title: "429 with Retry-After: 5" },
  answer("foreign", "429, empty", { status: 429 }),
  refusal(500, "unknown", "Failed to retrieve token"),
  answer("foreign", "500, empty", { status: 500 }),
  refusal(502, "bad_gateway", "The gateway is down"),
  answer("foreign", "502, HTML", { status: 502, headers: html, body: page("Bad Gateway") }),
  refusal(503, "service_unavailable", "Try again"),
  answer("foreign", "503, HTML", { status: 503, headers: html, body: page("Service Unavailable") }),
  { ...answer("foreign", "503 twice, then a token", { status: 503 }), times: 2 },
  refusal(504, "gateway_timeout", "No answer"),
  answer("foreign", "504, HTML", { status: 504, headers: html, body: page("Gateway Timeout") }),
];

/** How a host, or another service at its address, responds to a token request. */
export const faults: readonly Fault[] = [...connections, ...successes, ...refusals, ...overloads];
