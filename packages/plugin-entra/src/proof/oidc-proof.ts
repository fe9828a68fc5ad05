import {
  entraError,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  outcomeError,
  parseJsonObject,
  type SourceContext,
} from "@azidentity/core/plugin";
import { entraRetries } from "../retries.ts";
import type { AssertionTarget, Proof, Prove } from "./proof.ts";

/** How a build service is asked for a token that says which job this is. */
export interface OidcRequest {
  /** Name of the source; starts the messages of errors. */
  readonly who: string;
  readonly method: HttpRequest["method"];
  /** Where, and the variable that says so. */
  readonly address: string | undefined;
  readonly variable: string;
  /** What is added to its query. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent and nobody may see. */
  readonly secrets: readonly string[];
  /** Field of the answer that holds the token. */
  readonly field: string;
  /** The audience that the token has to be for. */
  readonly audience: string;
  /** What to do when the service refuses. */
  readonly remedy: string;
}

/** The URL to ask. A secret goes there, so it has to be https; loopback servers are reached by https, too. */
function urlOf({ who, address, variable, parameters }: OidcRequest): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw outcomeError("misconfigured", `${who}: ${variable} is not an https URL.`, {
      code: "invalid-oidc-url",
      remedy: "It is set by the build service: do not set it yourself.",
    });
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

function audiencesOf(token: string): readonly unknown[] {
  const payload = parseJsonObject(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  return [payload?.aud].flat();
}

function refused({ who, remedy, secrets }: OidcRequest, response: HttpResponse, now: number): IdentityError {
  const { outcome, statusCode, retryAfterMs } = Object(entraError(who, response, now, secrets));
  if (outcome === "throttled" || response.status >= 500)
    return outcomeError(outcome, `${who}: the token service answered HTTP ${response.status}.`, {
      statusCode,
      retryAfterMs,
    });
  return outcomeError("rejected", `${who}: the token service answered HTTP ${response.status} and no token.`, {
    code: "oidc-token-refused",
    remedy,
    statusCode: response.status,
  });
}

/** The token of an answer. Nothing of the answer is quoted: it may hold a token under another name. */
function readToken(asked: OidcRequest, response: HttpResponse, now: number): string {
  if (response.status !== 200) throw refused(asked, response, now);
  const token = parseJsonObject(response.body)?.[asked.field];
  if (typeof token !== "string" || token.split(".").length !== 3) {
    throw outcomeError("failed", `${asked.who}: the answer of the token service holds no token in "${asked.field}".`, {
      code: "invalid-oidc-response",
      remedy: asked.remedy,
      statusCode: 200,
    });
  }
  if (!audiencesOf(token).includes(asked.audience)) {
    throw outcomeError("rejected", `${asked.who}: the token is not for ${asked.audience}.`, {
      code: "wrong-oidc-audience",
      remedy: "Check that nothing between this job and the token service answers in its place.",
    });
  }
  return token;
}

/** Proves an application by a token of a build service, a new one for each exchange: they live for minutes, jobs for hours. */
export function proveByOidc(read: () => OidcRequest, { http, clock, retry }: SourceContext): Prove {
  const fetchToken = async (target: AssertionTarget) => {
    const asked = read();
    const { method, headers } = asked;
    const request = { method, url: urlOf(asked), headers: { accept: "application/json", ...headers } };
    const attempt = async () => readToken(asked, await http.send(request, target.signal), clock.now());
    return retry(entraRetries, attempt, target);
  };
  return async (target) => {
    const assertion = await fetchToken(target);
    return {
      assertion,
      async instead({ code }): Promise<Proof | undefined> {
        return code === "assertion-expired" ? { assertion: await fetchToken(target) } : undefined;
      },
    };
  };
}
