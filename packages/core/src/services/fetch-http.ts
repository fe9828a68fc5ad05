import type { Http, HttpRequest, HttpResponse } from "../contract/system-services.ts";
import { ConfigurationError, isIdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";
import { quote } from "../errors/quote.ts";
import { answerTooLarge, defaultMaxResponseBytes } from "./answer-size.ts";
import { abortReason } from "./clock.ts";
import type { HttpSettings } from "./platform.ts";
import { createProxySettings } from "./proxy.ts";
import { userAgentOf } from "./user-agent.ts";

/** What a request or a setting asks for that no `fetch` can do; `undefined`: nothing. */
function beyondFetch({ tls, connection }: HttpRequest, { ca }: HttpSettings): string | undefined {
  if (tls?.pin !== undefined) return "only a server with one certificate";
  if (tls?.ca !== undefined) return "certificate authorities of its own";
  if (tls?.serverName !== undefined) return "another server name";
  if (connection !== undefined) return "a socket or a look-up of addresses of its own";
  return ca === undefined ? undefined : "the authorities of `http.caFile`";
}

/**
 * Refuses what would be sent in another way than is asked for.
 *
 * @throws {ConfigurationError} `transport-unsupported`, `proxy-unsupported`, `invalid-proxy`
 */
function refuseUnsupported(
  request: HttpRequest,
  url: URL,
  settings: HttpSettings,
  proxyFor: ReturnType<typeof createProxySettings>,
): void {
  const asked = beyondFetch(request, settings);
  if (asked !== undefined) {
    const problem = `A request to ${url.host} needs ${asked}, which \`fetch\` does not have.`;
    const remedy = "Run this on Node.js, Bun or Deno, or pass an `http` of your own to createIdentity.";
    throw new ConfigurationError("transport-unsupported", problem, { remedy });
  }
  const proxy = request.proxy === "never" ? undefined : proxyFor?.(url);
  if (proxy === undefined) return;
  throw new ConfigurationError("proxy-unsupported", `${proxy.namedBy} is set, and \`fetch\` uses no proxy.`, {
    remedy: "Remove it, or set `http: { proxy: false }` in the config.",
  });
}

function flatten(headers: Headers): HttpResponse["headers"] {
  const flat: Record<string, string> = {};
  // a `set-cookie` that is repeated comes several times
  for (const [name, value] of headers) flat[name] = flat[name] === undefined ? value : `${flat[name]}, ${value}`;
  return flat;
}

/** Reads no more than one chunk beyond the limit. */
async function readText({ body }: Response, url: URL, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > limit) {
      reader?.cancel().catch(() => undefined);
      throw answerTooLarge(url, limit);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * The error of a failed exchange. `fetch` has no codes, and each runtime has sentences of its own.
 */
function noAnswer({ host }: URL, cause: unknown): Error {
  const why = quote(String((cause as Partial<Error> | null)?.message ?? cause), 128);
  const remedy = "Check the address, its certificate and the network.";
  return outcomeError("unreachable", `No answer from ${host} (${why}).`, { remedy, cause });
}

type Ours = Readonly<Record<string, string>>;

/**
 * Those of a request take the place of ours, however they are written; a `fetch` would send both.
 */
function headersOf({ headers: own = {} }: HttpRequest, ours: Ours): Headers {
  const headers = new Headers(ours);
  for (const name in own) headers.set(name, own[name] as string);
  return headers;
}

async function exchange(request: HttpRequest, url: URL, ours: Ours, signal: AbortSignal): Promise<HttpResponse> {
  try {
    const { method, body = null, maxResponseBytes = defaultMaxResponseBytes } = request;
    const sent = { method, body, headers: headersOf(request, ours), signal, redirect: "manual" } as const;
    const response = await fetch(url, sent);
    const text = await readText(response, url, maxResponseBytes);
    return { status: response.status, headers: flatten(response.headers), body: text };
  } catch (error) {
    if (signal.aborted) throw abortReason(signal);
    throw isIdentityError(error) ? error : noAnswer(url, error);
  }
}

/**
 * HTTP over `fetch`, for runtimes without the client of Node: no redirects, no retries, bounded
 * responses.
 */
export function createFetchHttp(settings: HttpSettings): Http {
  const proxyFor = createProxySettings(settings.env, settings.proxy);
  const ours = { "user-agent": userAgentOf(settings.userAgent) };
  return {
    async send(request, signal) {
      if (signal.aborted) throw abortReason(signal);
      const url = new URL(request.url);
      refuseUnsupported(request, url, settings, proxyFor);
      return exchange(request, url, ours, signal);
    },
  };
}
