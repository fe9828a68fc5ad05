import type { HttpResponse } from "../contract/system-services.ts";
import { remedies } from "../errors/entra-error.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { parseJsonObject } from "../util/json.ts";

/** The members of a JSON object. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** Strings, the last of which may be cut, and brackets. */
const structure = /"(?:[^"\\]|\\.?)*(?:"|$)|[{}[\]]/gs;

/** Whether a text that begins with a bracket ends before that is closed. */
function isCut(text: string): boolean {
  let open = 0;
  for (const [part] of text.matchAll(structure)) {
    if (part === "{" || part === "[") open++;
    else if ((part === "}" || part === "]") && --open === 0) return false;
  }
  return true;
}

/**
 * The JSON object of a response with status 200 of Entra, or of a service that issues tokens for
 * it; `undefined`: the body is something else.
 *
 * @param sourceName prefix of error messages, such as "client-secret"
 * @throws {CredentialUnavailableError} `incomplete-response`: the connection broke, so a retry can
 * help
 * @throws {AuthenticationError} `captive-portal`
 */
export function readJsonAnswer(sourceName: string, { body, headers }: HttpResponse): JsonFields | undefined {
  const text = body.trimStart();
  const fields = parseJsonObject(text);
  if (fields !== undefined) return fields;
  if (text.startsWith("<") || (text !== "" && /^text\/html\b/i.test(headers["content-type"] ?? ""))) {
    throw outcomeError(
      "failed",
      `${sourceName}: a web page came instead of a token, such as that of a captive portal.`,
      {
        code: "captive-portal",
        remedy: remedies.captivePortal,
        statusCode: 200,
      },
    );
  }
  if (text === "" || (text.startsWith("{") && isCut(text))) {
    throw outcomeError("unreachable", `${sourceName}: the connection ended before the response was complete.`, {
      code: "incomplete-response",
      remedy: "Try again; if the error persists, check the proxy between this machine and Entra.",
    });
  }
  return undefined;
}
