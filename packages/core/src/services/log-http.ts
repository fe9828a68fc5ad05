import type { Clock, Http, HttpRequest, HttpResponse, Logger } from "../contract/system-services.ts";
import { blankOut } from "../errors/blank-out.ts";
import { secretsOfRequest } from "../errors/redact.ts";

/** Headers that are useful and contain no secret. */
const shownHeaders = [
  "content-type",
  "retry-after",
  "date",
  "x-ms-request-id",
  "x-ms-ests-server",
  "client-request-id",
  "metadata",
];
/** Query parameters that are shown; of others only the name is. */
const shownParameters = ["api-version", "resource", "client-request-id"];

function shownUrl(text: string): string {
  const url = new URL(text);
  for (const name of url.searchParams.keys()) {
    if (!shownParameters.includes(name)) url.searchParams.set(name, "-");
  }
  return `${url.origin}${url.pathname}${url.search}`;
}

function shown(headers: HttpResponse["headers"] | HttpRequest["headers"] = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => shownHeaders.includes(name.toLowerCase())));
}

/**
 * Logs every exchange: at info the URL, status and harmless headers, at debug the bodies, which the
 * logger redacts.
 */
export function logHttp(http: Http, log: Logger, clock: Clock): Http {
  if (log.writes?.("info") === false) return http;
  return {
    async send(request, signal) {
      const started = clock.monotonic();
      const what = `${request.method} ${shownUrl(request.url)}`;
      log.debug(`${what} sends`, { headers: shown(request.headers), body: request.body });
      try {
        const response = await http.send(request, signal);
        const ms = Math.round(clock.monotonic() - started);
        log.info(`${what} answered ${response.status} in ${ms} ms`, { headers: shown(response.headers) });
        log.debug(`${what} body`, {
          // a getter, so that it is only computed when it is written
          get body() {
            return blankOut(response.body, secretsOfRequest(request));
          },
        });
        return response;
      } catch (error) {
        log.info(`${what} failed after ${Math.round(clock.monotonic() - started)} ms`, { error });
        throw error;
      }
    },
  };
}
