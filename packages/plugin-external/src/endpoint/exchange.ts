import {
  type HttpRequest,
  type HttpResponse,
  isIdentityError,
  outcomeError,
  relabelError,
  retryAfterMs,
  type SourceContext,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { requireTrustedPath } from "../path/trusted-path.ts";
import { requireAllowed } from "./allowed-addresses.ts";
import type { Endpoint } from "./endpoint.ts";

/** A request to a server that gives tokens. */
export interface Exchange {
  /** The source, for messages. */
  readonly source: string;
  readonly endpoint: Endpoint;
  readonly request: Pick<HttpRequest, "method" | "headers" | "body"> & { readonly path: string };
  /** What to do when there is no answer. */
  readonly remedy: string;
}

const publicRemedy = "Use https, or a loopback address; from a container, host.docker.internal.";

/**
 * Set in the process of a relay, and in programs that it runs: the value of `Via` for its own
 * requests.
 */
const viaVariable = "AZIDENTITY_RELAY_VIA";

/** By which a relay recognises a request of its own identity that has come back to it. */
function viaHeader({ [viaVariable]: via = "" }: SourceContext["env"]): { readonly via?: string } {
  return /^[\w.,: -]{1,1024}$/.test(via) ? { via } : {};
}

/**
 * Sends the request once.
 *
 * @throws {IdentityError} what `Http.send` rejects with, as one of the source
 */
export async function exchange(
  { source, endpoint, request: { path, ...request }, remedy }: Exchange,
  { http, env }: Pick<SourceContext, "http" | "env">,
  { signal }: Pick<TokenRequest, "signal">,
): Promise<HttpResponse> {
  const { route, allowAddress } = endpoint;
  const url = `${endpoint.url}${path}`;
  if (route.connection?.socketPath !== undefined) requireTrustedPath(source, route.connection.socketPath);
  try {
    if (allowAddress !== undefined) requireAllowed(new URL(url), allowAddress);
    const headers = { ...request.headers, ...viaHeader(env) };
    return await http.send({ ...request, headers, url, ...route }, signal);
  } catch (error) {
    if (signal.aborted || !isIdentityError(error)) throw error;
    if (error.code === "unreachable") {
      const problem = `${source}: No answer from ${endpoint.name}.`;
      throw outcomeError("unreachable", problem, { remedy, cause: error });
    }
    throw relabelError(error, source, (own) => (error.code === "unexpected-address" ? publicRemedy : own));
  }
}

/** What a response without a document of the protocol means, by its status. */
export function refusalOf(
  { source, endpoint: { name } }: Pick<Exchange, "source" | "endpoint">,
  { status, headers }: HttpResponse,
  context: Pick<SourceContext, "clock">,
  keyRemedy: string,
): Error {
  const details = { statusCode: status };
  if (status === 401)
    return outcomeError("misconfigured", `${source}: ${name} refused the key (HTTP 401).`, {
      ...details,
      code: "key-refused",
      remedy: keyRemedy,
    });
  if (status === 429)
    return outcomeError("throttled", `${source}: ${name} requested a delay (HTTP 429).`, {
      ...details,
      retryAfterMs: retryAfterMs(headers, context.clock.now()),
      remedy: "Try again later.",
    });
  const remedy = "Check the address, and which program answers there.";
  if (status === 403)
    return outcomeError("rejected", `${source}: ${name} refused the request (HTTP 403).`, { ...details, remedy });
  const did =
    status >= 300 && status < 400 ? "answered with a redirect, which is not followed" : "gave an unexpected answer";
  const problem = `${source}: ${name} ${did} (HTTP ${status}).`;
  return outcomeError("failed", problem, { ...details, code: "unexpected-answer", remedy });
}
