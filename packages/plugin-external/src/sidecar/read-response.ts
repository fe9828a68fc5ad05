import {
  type HttpResponse,
  type IssuedToken,
  jwtPayload,
  outcomeError,
  parseJsonObject,
  quote,
  redact,
  retryAfterMs,
} from "@azidentity/core/plugin";
import { maxSeconds } from "../contract/answer.ts";

/**
 * Of a token that does not say when it expires: the sidecar gives none that has less than minutes
 * left.
 */
const unreadableLifetimeMs = 60_000;

const remedy = "Look at the log of the sidecar.";

/**
 * What the sidecar reports (RFC 9457): its title and the number of Entra's error, never the detail,
 * which may repeat the account of the request.
 */
function reportOf(body: string): string {
  const { title, detail } = parseJsonObject(body) ?? {};
  const said = typeof title === "string" && title !== "" ? `: ${quote(redact(title))}` : "";
  const number = typeof detail === "string" ? /\bAADSTS\d{4,9}\b/.exec(detail)?.[0] : undefined;
  return `${said}${number === undefined ? "" : ` (${number})`}`;
}

function refusal(name: string, response: HttpResponse, now: number): Error {
  const { status, headers, body } = response;
  const problem = `sidecar: ${name} answered with status ${status}${reportOf(body)}.`;
  if (status === 429) {
    const wait = "Try again later.";
    return outcomeError("throttled", problem, {
      statusCode: status,
      retryAfterMs: retryAfterMs(headers, now),
      remedy: wait,
    });
  }
  if (status === 404) {
    const other = "Correct `service`: it has to be one of the sidecar's DownstreamApis.";
    return outcomeError("misconfigured", problem, { statusCode: status, remedy: other });
  }
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  const code = status < 400 ? "unexpected-answer" : undefined;
  return outcomeError(isRefusal ? "rejected" : "failed", problem, { statusCode: status, code, remedy });
}

/**
 * The token in the header that the sidecar has answered.
 *
 * @throws {IdentityError} `rejected`, `misconfigured`, `throttled`, `failed`, `unexpected-answer`
 */
export function readResponse(name: string, response: HttpResponse, now: number): IssuedToken {
  if (response.status !== 200) throw refusal(name, response, now);
  const header = parseJsonObject(response.body)?.authorizationHeader;
  const token = typeof header === "string" ? /^Bearer +(\S+)$/i.exec(header.trim())?.[1] : undefined;
  if (token === undefined)
    throw outcomeError("failed", `sidecar: The answer of ${name} has no header with a bearer token.`, {
      code: "unexpected-answer",
      remedy: "Check the address, and which program answers there.",
    });
  const expiry = jwtPayload(token)?.exp;
  const isTime = typeof expiry === "number" && expiry >= 0 && expiry <= maxSeconds;
  const expiresOnTimestamp = isTime ? expiry * 1000 : now + unreadableLifetimeMs;
  return { token, expiresOnTimestamp, tokenType: "Bearer" };
}
