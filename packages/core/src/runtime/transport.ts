import type { ResolvedConfig } from "../config/references.ts";
import { type AnyProvider, missingMethod, services } from "../contract/services.ts";
import type { Http, HttpResponse } from "../contract/system-services.ts";
import { ConfigurationError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { quote } from "../errors/quote.ts";
import { redact } from "../errors/redact.ts";

/** What sends HTTP requests, or a function that makes it from what sends them otherwise. */
export type HttpOverride = Http | ((next: Http) => Http);

/** Whether it sends requests itself, instead of making what does. */
export function replacesHttp(given: HttpOverride | undefined): given is Http {
  return given !== undefined && missingMethod("http", given) === undefined;
}

function wrong(problem: string, cause?: unknown, start = "Return an object at once"): ConfigurationError {
  return new ConfigurationError("invalid-argument", `The function \`http\` ${problem}.`, {
    remedy: `${start}: (next) => ({ send: (request, signal) => next.send(request, signal) }).`,
    cause,
  });
}

/** Errors of Node.js about the URL, the method or the headers of a request. */
const refused = /^ERR_(?:INV|HTTP|UNE)/;

/**
 * What a wrapper sends requests with. Its mistakes are named as such, and not as those of the
 * source.
 */
function checkPassedOn(next: Http): Http {
  return {
    async send(request, signal) {
      try {
        return await next.send(request, signal);
      } catch (error) {
        const { code, message } = Object(error);
        if (request && signal && !refused.test(code)) throw error;
        const problem = `passes on what cannot be sent: ${quote(redact(String(message), 512))}`;
        throw wrong(problem, error, "Pass on a valid request, and its signal");
      }
    },
  };
}

function wrap(make: (next: Http) => Http, next: Http): Http {
  let made: unknown;
  try {
    made = make(checkPassedOn(next));
  } catch (error) {
    throw wrong("threw an error", error);
  }
  if (missingMethod("http", made) === undefined) return made as Http;
  if (!(made instanceof Promise)) throw wrong("returned nothing that has a method send()");
  made.catch(() => undefined); // reported by what is thrown here
  throw wrong("returned a promise");
}

const isResponse = ({ status, headers, body }: Partial<Record<keyof HttpResponse, unknown>>): boolean =>
  typeof status === "number" && typeof headers === "object" && headers !== null && typeof body === "string";

/** A response of `fetch`, for one, has a body that is not a text. */
function checkResponses(http: Http): Http {
  return {
    async send(request, signal) {
      const response = await http.send(request, signal);
      if (isResponse(Object(response))) return response;
      const { host } = new URL(request.url);
      throw outcomeError("failed", `What \`http\` returned for ${host} is not a response.`, {
        code: "unexpected-answer",
        remedy: "Return { status, headers, body }: a number, an object with names in lower case, and a text.",
      });
    },
  };
}

/**
 * What sends requests where a caller gives `http`: that itself, or what it makes of `next`.
 *
 * @throws {ConfigurationError} `invalid-argument`
 */
export function applyHttp(given: HttpOverride | undefined, next: Http): Http {
  if (given === undefined) return next;
  return checkResponses(replacesHttp(given) ? given : wrap(given, next));
}

/**
 * The warning about settings of the config that are not in force because something sends the
 * requests in place of core's client; `undefined`: all are.
 */
export function unusedHttpSettings(
  { http = {} }: Pick<ResolvedConfig, "http">,
  given: HttpOverride | undefined,
  providers: readonly AnyProvider[],
): string | undefined {
  const provider = providers.find(({ token }) => token === services.http);
  const names = (["proxy", "userAgent", "caFile"] as const).filter((name) => http[name] !== undefined);
  if (names.length === 0 || !(provider || replacesHttp(given))) return undefined;
  const sender = replacesHttp(given) ? "The program's own `http`" : `The service "${provider?.name}" of a plugin`;
  return `${sender} sends all requests, without ${names.map((name) => `\`http.${name}\``).join(" and ")} of the config.`;
}

/** Both in one; `outer` sees requests first. */
export function composeHttp(
  inner: HttpOverride | undefined,
  outer: HttpOverride | undefined,
): HttpOverride | undefined {
  if (inner === undefined || outer === undefined || replacesHttp(outer)) return outer ?? inner;
  return (next) => applyHttp(outer, applyHttp(inner, next));
}
