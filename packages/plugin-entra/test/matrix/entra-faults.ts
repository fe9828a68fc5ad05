import { type HttpResponse, outcomeError } from "@azidentity/core/plugin";

export type EntraReply = Partial<HttpResponse> | Error | "silence";

/** What Entra, or a proxy in front of it, returns for every request. */
export interface EntraFault {
  readonly title: string;
  readonly reply: EntraReply;
  /** The reply is a token. */
  readonly isToken?: boolean;
}

const json = { "content-type": "application/json" };
const html = { "content-type": "text/html" };
const page = "<!DOCTYPE html><html><body>Sign in to the network</body></html>";

const network = (code: string): EntraFault => ({
  title: `the connection ends with ${code}`,
  reply: outcomeError("unreachable", `No answer from the host (${code}).`),
});
const refusal = (status: number, error: string, number: number): EntraFault => ({
  title: `${status} ${error}, AADSTS${number}`,
  reply: {
    status,
    headers: json,
    body: JSON.stringify({ error, error_description: `AADSTS${number}: No.`, error_codes: [number] }),
  },
});
const answer = (title: string, reply: Partial<HttpResponse>): EntraFault => ({ title, reply });

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** The token of a job. */
const assertion = `${encode({ alg: "RS256" })}.${encode({ aud: "api://AzureADTokenExchange", sub: "job" })}.signature`;

/** A response that serves as Entra's and as a build service's. */
const token = {
  token_type: "Bearer",
  access_token: "opaque",
  expires_in: 3599,
  value: assertion,
  oidcToken: assertion,
};

export const entraFaults: readonly EntraFault[] = [
  { title: "a token", reply: { headers: json, body: JSON.stringify(token) }, isToken: true },
  ...["ECONNREFUSED", "EHOSTUNREACH", "ENOTFOUND", "EAI_AGAIN", "ECONNRESET", "ETIMEDOUT"].map(network),
  { title: "silence", reply: "silence" },
  {
    title: "the certificate is not trusted",
    reply: outcomeError("misconfigured", "The certificate is not trusted.", { code: "untrusted-certificate" }),
  },
  answer("200, empty", { headers: json, body: "" }),
  answer("200, HTML", { headers: html, body: page }),
  answer("200, cut JSON", { headers: json, body: '{"token_type":"Bearer","access_tok' }),
  answer("200 without a token", { headers: json, body: '{"token_type":"Bearer"}' }),
  answer("302 to a page to sign in at", { status: 302, headers: { location: "https://hotel.example/" } }),
  refusal(401, "invalid_client", 7000215),
  refusal(401, "invalid_client", 7000222),
  refusal(400, "unauthorized_client", 700016),
  refusal(400, "invalid_request", 90002),
  refusal(400, "invalid_resource", 500011),
  refusal(400, "interaction_required", 53003),
  answer("403, HTML", { status: 403, headers: html, body: page }),
  answer("404, HTML", { status: 404, headers: html, body: page }),
  answer("407, as a proxy answers", { status: 407, headers: { "proxy-authenticate": "Basic" } }),
  answer("429", { status: 429, headers: { ...json, "retry-after": "5" }, body: '{"error":"temporarily_unavailable"}' }),
  answer("500, empty", { status: 500 }),
  answer("502, HTML", { status: 502, headers: html, body: page }),
  answer("503, HTML", { status: 503, headers: html, body: page }),
  answer("504, HTML", { status: 504, headers: html, body: page }),
];
