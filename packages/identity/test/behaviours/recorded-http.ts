import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";

/** An answer of a server that does not exist. */
export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, or what becomes JSON. */
  readonly body?: unknown;
}

export interface RecordedHttp {
  readonly client: HttpClient;
  readonly requests: readonly PipelineRequest[];
  /** The URLs without query. */
  urls(): readonly string[];
  /** Those of token endpoints. */
  tokenUrls(): readonly string[];
}

/** Answers discovery as Entra does, and every other request with a token. */
export function answerAsEntra({ url }: { readonly url: string }): CannedAnswer {
  const { origin, pathname } = new URL(url);
  const tenant = `${origin}/${pathname.split("/")[1]}`;
  if (pathname.endsWith("/discovery/instance")) {
    return { body: { tenant_discovery_endpoint: `${tenant}/v2.0/.well-known/openid-configuration`, metadata: [] } };
  }
  if (pathname.endsWith("/openid-configuration")) {
    const endpoints = { token: "oauth2/v2.0/token", authorization: "oauth2/v2.0/authorize" };
    const named = Object.entries(endpoints).map(([name, path]) => [`${name}_endpoint`, `${tenant}/${path}`]);
    return {
      body: { ...Object.fromEntries(named), issuer: `${tenant}/v2.0`, jwks_uri: `${tenant}/discovery/v2.0/keys` },
    };
  }
  return { body: { token_type: "Bearer", expires_in: 3599, access_token: "a-token" } };
}

/** The option `httpClient`: answers every request itself. */
export function recordHttp(
  answer: (request: PipelineRequest, index: number) => CannedAnswer = answerAsEntra,
): RecordedHttp {
  const requests: PipelineRequest[] = [];
  const urls = () => requests.map(({ url }) => (url.split("?")[0] ?? "").replace(/\/$/, ""));
  return {
    requests,
    urls,
    tokenUrls: () => urls().filter((url) => url.endsWith("/token")),
    client: {
      async sendRequest(request) {
        requests.push(request);
        const { status = 200, headers = {}, body = {} } = answer(request, requests.length - 1);
        return {
          request,
          status,
          headers: createHttpHeaders(headers),
          bodyAsText: typeof body === "string" ? body : JSON.stringify(body),
        };
      },
    },
  };
}
