import type {
  AdditionalPolicyConfig,
  HttpClient,
  PipelineRequest,
  PipelineResponse,
  SendRequest,
} from "../types/http.ts";
import type { TokenCredentialOptions } from "../types/options.ts";
import { createHeaders } from "./headers.ts";
import { fromClient } from "./network-error.ts";

/**
 * Core's requests and responses, as far as they are used here. A request has more members, which
 * say how its server is reached.
 */
interface CoreRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly tls?: { readonly ca?: string; readonly serverName?: string; readonly pin?: CertificatePin };
}
interface CertificatePin {
  readonly thumbprint: string;
  restrict(agent: object): void;
}
interface CoreResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
interface CoreHttp {
  send(request: CoreRequest, signal: AbortSignal): Promise<CoreResponse>;
}

function toPipeline({ url, method, headers = {}, body }: CoreRequest, abortSignal: AbortSignal): PipelineRequest {
  const requestId = crypto.randomUUID();
  const allowInsecureConnection = url.startsWith("http:");
  const plain = { url, method, body, requestId, abortSignal, allowInsecureConnection };
  return { ...plain, headers: createHeaders(headers), timeout: 0, withCredentials: false };
}

/**
 * A policy may have changed what is sent. How the server is reached stays as the source wants it:
 * past every proxy, with certain certificates, over a socket.
 */
function fromPipeline(request: PipelineRequest, original: CoreRequest): CoreRequest {
  const { url, method, body } = request;
  return { ...original, url, method: method as CoreRequest["method"], headers: request.headers.toJSON(), body };
}

const toResponse = ({ status, headers, bodyAsText }: PipelineResponse): CoreResponse => ({
  status,
  headers: Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
  body: bodyAsText ?? "",
});

/** The policies around the client, the first one outermost. */
const compose = (policies: readonly AdditionalPolicyConfig[], client: SendRequest): SendRequest =>
  policies.reduceRight<SendRequest>(
    (next, { policy }) =>
      (request) =>
        policy.sendRequest(request, next),
    client,
  );

/** Core's client as the last step of a pipeline. */
function lastStep(next: CoreHttp, original: CoreRequest, signal: AbortSignal): SendRequest {
  return async (request) => {
    const { status, headers, body } = await next.send(fromPipeline(request, original), signal);
    const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { request, status, headers: createHeaders(Object.fromEntries(present)), bodyAsText: body };
  };
}

/** `null` counts as not given, too: the types say otherwise, and programs pass it. */
const isGiven = <T>(value: T): value is NonNullable<T> => value !== undefined && value !== null;

const unsupported = (className: string, option: string, instead: string) =>
  new Error(`${className}: the option \`${option}\` is not supported. ${instead}`);

function checkSupported(className: string, { agent, tlsOptions }: TokenCredentialOptions): void {
  if (agent) throw unsupported(className, "agent", "Pass `httpClient`, or `proxyOptions` and `tlsOptions.ca`.");
  const { ca: _ca, ...others } = tlsOptions ?? {};
  const [name] = Object.entries(others).find(([, value]) => isGiven(value)) ?? [];
  if (name !== undefined)
    throw unsupported(className, `tlsOptions.${name}`, "Pass `httpClient` with a client of your own.");
}

/** The certificates as one text; empty: none are given. */
const pemOf = (ca: NonNullable<TokenCredentialOptions["tlsOptions"]>["ca"]) =>
  [ca].flat().filter(isGiven).map(String).join("\n");

/** The policies of a list; programs pass null as well. */
function policiesOf({ additionalPolicies: given }: TokenCredentialOptions): readonly AdditionalPolicyConfig[] {
  if (!given) return [];
  if (Array.isArray(given)) return given;
  throw new TypeError(
    'The option additionalPolicies is not a list. Write it as [{ policy, position: "perCall" }], with a policy of your own.',
  );
}

/**
 * The wrapper around core's client that the caller's client, policies and certificates make;
 * `undefined`: there are none.
 */
export function pipelineHttp(
  className: string,
  options: TokenCredentialOptions,
): ((next: CoreHttp) => CoreHttp) | undefined {
  checkSupported(className, options);
  const { httpClient, tlsOptions, telemetryOptions } = options;
  const policies = [...policiesOf(options)];
  const idHeader = telemetryOptions?.clientRequestIdHeaderName;
  const ca = pemOf(tlsOptions?.ca);
  if (!httpClient && policies.length === 0 && ca === "" && !idHeader) return undefined;
  return (next) => ({
    async send(given, signal) {
      const original = ca === "" ? given : { ...given, tls: { ca, ...given.tls } };
      const client = httpClient
        ? (httpClient as HttpClient).sendRequest.bind(httpClient)
        : lastStep(next, original, signal);
      const request = toPipeline(original, signal);
      if (idHeader) request.headers.set(idHeader, request.requestId);
      try {
        return toResponse(await compose(policies, client)(request));
      } catch (error) {
        throw httpClient ? await fromClient(error) : error;
      }
    },
  });
}
