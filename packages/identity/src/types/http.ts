/**
 * Clients and policies for HTTP. Assignable to and from those of `@azure/core-rest-pipeline`, which
 * need not be installed; a type test checks it.
 */
import type { AbortSignalLike, HttpMethods, OperationTracingOptions } from "./token.ts";

/** Headers of a request or a response; names in any case. */
export interface HttpHeaders extends Iterable<[string, string]> {
  /** The value of a header; `undefined`: it is not there. */
  get(name: string): string | undefined;
  /** Whether it is there. */
  has(name: string): boolean;
  /** Adds or replaces a header. */
  set(name: string, value: string | number | boolean): void;
  /** Removes a header. */
  delete(name: string): void;
  /** All headers as an object. */
  toJSON(options?: { preserveCase?: boolean }): { [headerName: string]: string };
}

/** A request as policies see it. Other fields of the Azure SDKs may be there. */
export interface PipelineRequest {
  /** Absolute URL. */
  url: string;
  /** The HTTP method. */
  method: HttpMethods;
  /** Headers that are sent. */
  headers: HttpHeaders;
  /** Milliseconds without a response after which it fails; 0: no limit. */
  timeout: number;
  /** For browsers; no effect here. */
  withCredentials: boolean;
  /** Id of the request. */
  requestId: string;
  /** The body, for requests of identity a text. */
  // biome-ignore lint/suspicious/noExplicitAny: streams and blobs of the SDKs, which requests of identity never have
  body?: any;
  /** Ends the request. */
  abortSignal?: AbortSignalLike;
  /** Where the spans of the request belong. */
  tracingOptions?: OperationTracingOptions;
  /** Whether `http:` is allowed. Default `false`. */
  allowInsecureConnection?: boolean;
  /** The proxy to use. */
  proxySettings?: ProxySettings;
  /** The agent to use. */
  agent?: Agent;
  /** Certificates of the connection. */
  tlsSettings?: TlsSettings;
}

/** A response with any status. */
export interface PipelineResponse {
  /** The request that it responds to. */
  request: PipelineRequest;
  /** HTTP status. */
  status: number;
  /** Headers that were received. */
  headers: HttpHeaders;
  /** The body as text. */
  bodyAsText?: string | null;
}

/** Sends one request. */
export type SendRequest = (request: PipelineRequest) => Promise<PipelineResponse>;

/** Sends HTTP requests in place of the default client. */
export interface HttpClient {
  /** Sends one request and reads the response. */
  sendRequest: SendRequest;
}

/** A step that sees each request and each response. */
export interface PipelinePolicy {
  /** Name of the policy. */
  name: string;
  /**
   * Sends the request by `next`, and may change request and response.
   *
   * @throws {Error} why there is no response
   */
  sendRequest(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse>;
}

/** A policy, and whether it sees each try or each request. */
export interface AdditionalPolicyConfig {
  /** The policy. */
  policy: PipelinePolicy;
  /** `perCall`: once per request; `perRetry`: once per try. */
  position: "perCall" | "perRetry";
}

/** A proxy for HTTP. */
export interface ProxySettings {
  /** URL of the proxy without its port, e.g. `http://proxy.contoso.com`. */
  host: string;
  /** Port of the proxy. */
  port: number;
  /** User name for the proxy. */
  username?: string;
  /** Password for the proxy. Secret. */
  password?: string;
}

/** How often a failed request is repeated. */
export interface PipelineRetryOptions {
  /** Further tries; 0: none. Default: by host, see docs/time-limits.md. */
  maxRetries?: number;
  /** Milliseconds before the second try. Default: by host. */
  retryDelayInMs?: number;
  /** Longest pause, in milliseconds. Default: by host. */
  maxRetryDelayInMs?: number;
}

/** The part of Node's `http.Agent` by which the Azure SDKs declare it. */
export interface Agent {
  /** Closes its connections. */
  destroy(): void;
  /** Idle connections that are kept. */
  maxFreeSockets: number;
  /** Connections to one host. */
  maxSockets: number;
  /** Requests that wait. */
  requests: unknown;
  /** Connections in use. */
  sockets: unknown;
}

/** A PEM text or the bytes of one. */
type Pem = string | Buffer;

/** Certificates of a connection. */
export interface TlsSettings {
  /** Certificate authorities to trust, PEM. */
  ca?: Pem | Pem[] | undefined;
  /** The client's certificate, PEM. */
  cert?: Pem | Pem[] | undefined;
  /** The client's private key, PEM. Secret. */
  key?: Pem | (Buffer | { pem: Pem; passphrase?: string | undefined })[] | undefined;
  /** Password of the private key. Secret. */
  passphrase?: string | undefined;
  /** The client's certificate and key as PKCS#12. Secret. */
  pfx?: Pem | (Pem | { buf: Pem; passphrase?: string | undefined })[] | undefined;
}
