import {
  type AssertionTarget,
  type ClientAuthentication,
  type ClientCredential,
  entraError,
  entraRetries,
  readJsonAnswer,
  sendWithinLimit,
} from "@azidentity/core/entra";
import {
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  parseJsonObject,
  quoteInMessage,
  redact,
  type SourceContext,
} from "@azidentity/core/plugin";

/** The request to a build service for a token that identifies the job. */
export interface OidcRequest {
  /** Name of the source; prefix of error messages. */
  readonly sourceName: string;
  readonly method: HttpRequest["method"];
  /** URL of the token service, as found in `variable`. */
  readonly address: string | undefined;
  /** Environment variable that holds `address`. */
  readonly variable: string;
  /** Query parameters to add. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Values that are sent and must not be shown. */
  readonly secrets: readonly string[];
  /** Field of the JSON response that holds the token. */
  readonly field: string;
  /** Audience that the token must have. */
  readonly audience: string;
  /** Headers by which the support of the service finds a request. */
  readonly requestIds?: readonly string[];
  /** Remedy of the error when the service refuses. */
  readonly remedy: string;
}

/** The URL to request. A secret is sent to it, so it must be https, on loopback too. */
function urlOf({ sourceName, address, variable, parameters }: OidcRequest): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw outcomeError("misconfigured", `${sourceName}: ${variable} is not an https URL.`, {
      code: "invalid-oidc-url",
      remedy: "The build service sets this variable; do not set it yourself.",
    });
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function audiencesOf(token: string): readonly unknown[] {
  const payload = parseJsonObject(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return [payload?.aud].flat();
}

/** Characters of an id that a message shows. */
const maxIdLength = 100;

/**
 * What happened, with the service's own words and ids of the request. Of the response nothing else
 * is quoted: another field may hold a token.
 */
function explained(
  { sourceName, secrets, requestIds = [], remedy }: OidcRequest,
  what: string,
  response: HttpResponse,
) {
  const shown = (text: string, length: number) => redact(text, length, secrets).replace(/[^\x20-\x7e]/g, "?");
  const ids = requestIds.flatMap((name) => {
    const id = response.headers[name];
    return id === undefined ? [] : `${name} ${shown(id, maxIdLength).replace(/[.\s]+$/, "")}`;
  });
  const start = `${sourceName}: ${what}${ids.length === 0 ? "" : ` (${ids.join(", ")})`}`;
  const words = parseJsonObject(response.body)?.message;
  if (typeof words !== "string" || words.trim() === "") return `${start}.`;
  return quoteInMessage(`${start}: `, redact(words, 512, secrets), remedy);
}

function refused(oidc: OidcRequest, response: HttpResponse, now: number): IdentityError {
  const { sourceName, remedy, secrets } = oidc;
  const { status } = response;
  const { outcome, statusCode, retryAfterMs } = Object(entraError(sourceName, response, now, { secrets }));
  if (outcome === "throttled" || status >= 500)
    return outcomeError(outcome, explained(oidc, `the token service answered HTTP ${status}`, response), {
      remedy: "Try again later: the build service has a problem of its own.",
      statusCode,
      retryAfterMs,
    });
  const what = `the token service answered HTTP ${status} without a token`;
  return outcomeError("rejected", explained(oidc, what, response), {
    code: status >= 400 && response.body.trim() === "" ? "empty-oidc-response" : "oidc-token-refused",
    remedy,
    statusCode: status,
  });
}

/** Reads the token of a response. */
function readToken(oidc: OidcRequest, response: HttpResponse, now: number): string {
  if (response.status !== 200) throw refused(oidc, response, now);
  if (response.body.trim() === "") {
    const what = "the response of the token service is empty"; // the connection may have broken: it is asked again
    throw outcomeError("unreachable", explained(oidc, what, response), {
      code: "empty-oidc-response",
      remedy: oidc.remedy,
    });
  }
  const token = readJsonAnswer(oidc.sourceName, response)?.[oidc.field];
  if (typeof token !== "string" || token.split(".").length !== 3) {
    const what = `the response of the token service has no token in "${oidc.field}"`;
    throw outcomeError("failed", explained(oidc, what, response), {
      code: "invalid-oidc-response",
      remedy: oidc.remedy,
      statusCode: 200,
    });
  }
  if (!audiencesOf(token).includes(oidc.audience)) {
    throw outcomeError("rejected", `${oidc.sourceName}: the token is not for ${oidc.audience}.`, {
      code: "wrong-oidc-audience",
      remedy: "Check that nothing between this job and the token service answers in place of that service.",
    });
  }
  return token;
}

/**
 * Authenticates an application with a token of a build service, a new one for each exchange: tokens
 * live for minutes, jobs for hours.
 */
export function oidcAuthentication(read: () => OidcRequest, context: SourceContext): ClientAuthentication {
  const { clock, retry } = context;
  const fetchToken = async (target: AssertionTarget) => {
    const oidc = read();
    const { sourceName, method, headers } = oidc;
    const request = { method, url: urlOf(oidc), headers: { accept: "application/json", ...headers } };
    const attempt = async () =>
      readToken(oidc, await sendWithinLimit(sourceName, context, request, target.signal), clock.now());
    return retry(entraRetries, attempt, target);
  };
  return async (target) => {
    const assertion = await fetchToken(target);
    return {
      assertion,
      async fallback({ code }): Promise<ClientCredential | undefined> {
        return code === "assertion-expired" ? { assertion: await fetchToken(target) } : undefined;
      },
    };
  };
}
