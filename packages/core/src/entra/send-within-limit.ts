import { withinTime } from "../async/time-limit.ts";
import type { SourceContext } from "../contract/context.ts";
import type { HttpRequest, HttpResponse } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/**
 * Milliseconds that one request may take. A connection that died unnoticed, such as while the
 * machine slept, costs a caller this long instead of the source's whole deadline.
 */
const requestLimitMs = 10_000;

/**
 * Sends a request that may be sent again: without a response in ten seconds it is given up. Not
 * for what Entra accepts once: authorization codes, device codes and refresh tokens that rotate.
 *
 * @param sourceName prefix of error messages
 * @throws {CredentialUnavailableError} `unreachable`, so that a retry follows
 */
export function sendWithinLimit(
  sourceName: string,
  { http, clock }: Pick<SourceContext, "http" | "clock">,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const late = () =>
    outcomeError(
      "unreachable",
      `${sourceName}: ${new URL(request.url).host} did not answer within ${requestLimitMs / 1000} s.`,
      { remedy: "Check the network and HTTPS_PROXY." },
    );
  return withinTime({ clock, ms: requestLimitMs, late }, signal, (limited) => http.send(request, limited));
}
