import { type IncomingHttpHeaders, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { text } from "node:stream/consumers";
import { decodeJwt } from "jose";
import type { Emulator } from "../../src/emulator.ts";
import type { HostName } from "../../src/service-names.ts";

export interface PlainRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>> | URLSearchParams;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** PEM of the trusted authority. Default: the emulator's. */
  readonly ca?: string;
  /** The server name of the TLS handshake. Default: the host of the URL. */
  readonly serverName?: string;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
}

/** Sends one request on a new connection that trusts only this emulator. */
export function send(emulator: Emulator, path: string, options: PlainRequest = {}): Promise<PlainResponse> {
  const body = options.form === undefined ? options.body : new URLSearchParams(options.form).toString();
  return new Promise((resolve, reject) => {
    const url = new URL(path, emulator.authorityHost);
    const request = url.protocol === "https:" ? secureRequest : plainRequest;
    const outgoing = request(url, {
      method: options.method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(options.form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded;charset=utf-8" }),
        ...options.headers,
      },
      ca: options.ca ?? emulator.caCertificate,
      ...(options.serverName === undefined ? {} : { servername: options.serverName }),
      agent: false,
      signal: options.signal,
    });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      text(response).then((content) => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: content, json: parseJson(content) });
      }, reject);
    });
    outgoing.end(body);
  });
}

export type Query = Readonly<Record<string, string>> | [name: string, value: string][];

/** Sends a token request to a managed-identity host, with only these parameters and headers. */
export function requestHostToken(
  emulator: Emulator,
  host: HostName,
  query: Query,
  headers: Readonly<Record<string, string>>,
  options: PlainRequest = {},
): Promise<PlainResponse> {
  const url = new URL(emulator.host(host).endpoint);
  url.search = new URLSearchParams(query).toString();
  return send(emulator, url.href, { ...options, headers });
}

/** The claims of the token in a response. */
export function claimsIn({ json }: PlainResponse): Readonly<Record<string, unknown>> {
  return decodeJwt((json as { readonly access_token: string }).access_token);
}

/** The form of a valid client_credentials request, with changes; `undefined` omits a field. */
export function tokenForm(
  { application }: Emulator,
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const form = {
    grant_type: "client_credentials",
    client_id: application.clientId,
    client_secret: application.clientSecret,
    scope: "https://storage.azure.com/.default",
    ...changes,
  };
  return Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export function requestToken(
  emulator: Emulator,
  changes: Readonly<Record<string, string | undefined>> = {},
  options: Omit<PlainRequest, "form"> = {},
): Promise<PlainResponse> {
  const form = tokenForm(emulator, changes);
  return send(emulator, `/${emulator.tenantId}/oauth2/v2.0/token`, { ...options, form });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
