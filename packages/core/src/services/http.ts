import { ConfigurationError, type IdentityError, outcomeError } from "../contract/errors.ts";
import type { Http, HttpRequest, HttpResponse } from "../contract/services.ts";
import { abortReason } from "./clock.ts";

const defaultMaxResponseBytes = 1_048_576;

export interface HttpSettings {
  /** PEM of certificate authorities that are trusted besides Node's own. */
  readonly ca?: string;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this Node.js has agents that use a proxy. Default: found out. */
  readonly canProxy?: boolean;
}

type Modules = {
  readonly https: typeof import("node:https");
  readonly http: typeof import("node:http");
  readonly tls: typeof import("node:tls");
};
type Agent = import("node:http").Agent;

/** Node's built-ins on first use: their static import would cost every program tens of milliseconds. */
function builtins(): Modules {
  return {
    https: process.getBuiltinModule("node:https"),
    http: process.getBuiltinModule("node:http"),
    tls: process.getBuiltinModule("node:tls"),
  };
}

function proxyVariables(env: HttpSettings["env"]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    const value = env[name] ?? env[name.toLowerCase()];
    if (value !== undefined) found[name] = value;
  }
  return found.HTTPS_PROXY === undefined && found.HTTP_PROXY === undefined ? undefined : found;
}

/** Agents take `proxyEnv` since the releases that brought this flag, 22.21 and 24.5; older ones would silently connect directly. */
const canProxyHere = () => process.allowedNodeEnvironmentFlags.has("--use-env-proxy");

/** Node quotes the proxy's address, which may hold a password, so its error is not passed on. */
function proxyRefused(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ERR_PROXY_INVALID_CONFIG") return error;
  const remedy = "Write it like http://proxy.contoso.com:8080.";
  return new ConfigurationError("invalid-proxy", "HTTPS_PROXY or HTTP_PROXY is not the URL of a proxy.", { remedy });
}

const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_/;

/** What a failed exchange means. The message names the host, never the path or query. */
function noAnswer(url: URL, cause: NodeJS.ErrnoException): IdentityError {
  const why = cause.code ?? "connection closed";
  if (tlsCodes.test(why)) {
    return outcomeError("misconfigured", `The certificate of ${url.host} is not trusted (${why}).`, {
      code: "untrusted-certificate",
      remedy: "Add the certificate authority with NODE_EXTRA_CA_CERTS or `http.caFile`.",
      cause,
    });
  }
  return outcomeError("unreachable", `No answer from ${url.host} (${why}).`, { cause });
}

function flatten(headers: NodeJS.Dict<string | string[]>): HttpResponse["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function readBody(
  response: import("node:http").IncomingMessage,
  limit: number,
  done: (error: Error | undefined, body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) {
      response.destroy();
      done(outcomeError("failed", `The answer is longer than ${limit} bytes.`, { code: "answer-too-large" }), "");
    } else chunks.push(chunk);
  });
  response.on("error", (error) => done(error, ""));
  response.on("end", () => done(undefined, Buffer.concat(chunks).toString("utf8")));
}

/** The agents of one identity: one that follows the environment's proxy, one that never uses any. */
function createAgents(settings: HttpSettings) {
  const agents = new Map<string, Agent>();
  const proxyEnv = proxyVariables(settings.env);
  const make = (secure: boolean, direct: boolean): Agent => {
    const { https, http, tls } = builtins();
    const proxied = !direct && proxyEnv !== undefined;
    if (proxied && !(settings.canProxy ?? canProxyHere())) {
      const problem = `HTTPS_PROXY or HTTP_PROXY is set, and Node.js ${process.versions.node} cannot use a proxy.`;
      throw new ConfigurationError("proxy-unsupported", problem, { remedy: "Run it on Node.js 22.21, 24.5 or newer." });
    }
    const options = { keepAlive: true, ...(proxied ? { proxyEnv } : {}) };
    try {
      if (!secure) return new http.Agent(options);
      const ca = settings.ca === undefined ? {} : { ca: [...tls.getCACertificates("default"), settings.ca] };
      return new https.Agent({ ...options, ...ca });
    } catch (error) {
      throw proxyRefused(error);
    }
  };
  return {
    get(secure: boolean, direct: boolean): Agent {
      const key = `${secure}${direct}`;
      const agent = agents.get(key) ?? make(secure, direct);
      agents.set(key, agent);
      return agent;
    },
    close(): void {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** HTTP over Node's own client: keep-alive, no redirects, no retries, bounded answers. */
export function createHttp(settings: HttpSettings): Http & AsyncDisposable {
  const agents = createAgents(settings);
  const send = (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortReason(signal));
      const url = new URL(request.url);
      const secure = url.protocol === "https:";
      const { https, http } = builtins();
      const body = request.body === undefined ? undefined : Buffer.from(request.body);
      const fail = (error: Error) => {
        signal.removeEventListener("abort", onAbort);
        const ours = signal.aborted ? abortReason(signal) : "outcome" in error ? error : noAnswer(url, error);
        reject(ours);
      };
      const outgoing = (secure ? https : http).request(url, {
        method: request.method,
        headers: { ...request.headers, ...(body === undefined ? {} : { "content-length": String(body.length) }) },
        agent: agents.get(secure, request.proxy === "never"),
      });
      const onAbort = () => outgoing.destroy(abortReason(signal));
      signal.addEventListener("abort", onAbort, { once: true });
      outgoing.on("error", fail);
      outgoing.on("response", (response) => {
        readBody(response, request.maxResponseBytes ?? defaultMaxResponseBytes, (error, text) => {
          if (error !== undefined) return fail(error);
          signal.removeEventListener("abort", onAbort);
          resolve({ status: response.statusCode ?? 0, headers: flatten(response.headers), body: text });
        });
      });
      outgoing.end(body);
    });
  return { send, [Symbol.asyncDispose]: async () => agents.close() };
}
