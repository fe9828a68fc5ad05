import {
  type HttpResponse,
  type IssuedToken,
  outcomeError,
  parseJsonObject,
  quoteInMessage,
  redact,
} from "@azidentity/core/plugin";

/** Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970; `undefined` for a text without a zone, and for anything else. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim().toUpperCase();
  const time = rfc3339.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Answers with this code when its user is not signed in. */
const notSignedIn = "NotSignedInError";

/** Where the answer comes from, and what must not show in a message. */
export interface Asked {
  /** The server, for messages. */
  readonly name: string;
  readonly key: string;
}

/**
 * The token of an answer; `undefined`: the body is not one of the protocol.
 *
 * @throws {IdentityError} what the host reported, or `unexpected-answer` for a token without a time
 */
export function readResponse({ name, key }: Asked, { body, status }: HttpResponse): IssuedToken | undefined {
  const answer = parseJsonObject(body);
  if (answer?.status === "error") {
    const isSignedOut = answer.code === notSignedIn;
    const remedy = isSignedOut
      ? "Sign in there, e.g. with the command Azure: Sign In of the editor."
      : "Look at what that program says about it.";
    const text = typeof answer.message === "string" ? redact(answer.message, 2048, [key]) : "";
    const problem = quoteInMessage(`azd-host: The program at ${name} reported: `, text, remedy);
    throw outcomeError(isSignedOut ? "not-signed-in" : "failed", problem, { remedy, statusCode: status });
  }
  if (answer?.status !== "success" || typeof answer.token !== "string") return undefined;
  const expiresOnTimestamp = timeOf(answer.expiresOn);
  if (expiresOnTimestamp !== undefined) return { token: answer.token, expiresOnTimestamp, tokenType: "Bearer" };
  throw outcomeError("failed", `azd-host: ${name} gave a token whose \`expiresOn\` is not a time of RFC 3339.`, {
    code: "unexpected-answer",
    remedy: "Update the program that set AZD_AUTH_ENDPOINT.",
  });
}
