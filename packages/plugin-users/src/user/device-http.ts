import { entraRetries, parseEntraError, readJsonAnswer, sendWithinLimit } from "@azidentity/core/entra";
import {
  type Clock,
  type Http,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  isIdentityError,
  outcomeError,
  retryAfterMs,
  type SourceContext,
  withinTime,
} from "@azidentity/core/plugin";
import { refusalOfUser } from "./refusal.ts";
import { declined, isDeclined } from "./sign-in.ts";

/** What the user has to be shown. Names as in the Azure SDKs. */
export interface DeviceCodeInfo {
  /** Code to type. */
  readonly userCode: string;
  /** URL of the page to type it on. */
  readonly verificationUri: string;
  /** A sentence with both, as Entra sent it. */
  readonly message: string;
  /** When the code expires: milliseconds since 1970-01-01 UTC. */
  readonly expiresOnTimestamp: number;
}

export interface DeviceHttpSettings {
  readonly sourceName: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly retry: SourceContext["retry"];
  /** Shows the code to the user. Not awaited. */
  readonly show: (info: DeviceCodeInfo) => unknown;
}

/** Timeout of one poll, so that a lost response does not use up the lifetime of the code. */
const pollTimeoutMs = 30_000;
/** Seconds between two polls, and the increase for each `slow_down`. RFC 8628 section 3.5. */
const intervalSeconds = { default: 5, min: 1, max: 60, slowDown: 5 };

interface Polls {
  /** When the code expires: milliseconds of the monotonic clock. */
  readonly endMonoMs: number;
  /** Milliseconds before each poll. */
  readonly pauseMs: number;
  /** A secret: it is sent, and must not be shown. */
  readonly deviceCode: string;
}

/**
 * HTTP for the device code flow: shows the code when it arrives, and responds to the token request
 * when the user has signed in or declined, or the code has expired. Polls on the clock of core, so
 * it ends as soon as its signal is aborted.
 */
export function createDeviceHttp({ sourceName, http, clock, retry, show }: DeviceHttpSettings): Http {
  let polls: Polls | undefined;

  const start = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const requestCode = async () => {
      const response = await sendWithinLimit(sourceName, { http, clock }, request, signal);
      if (response.status !== 200) throw refusalOfUser(sourceName, response, clock.now());
      return { response, ...readDeviceCode(sourceName, response, clock.now()) };
    };
    const { response, info, lifetimeMs, ...rest } = await retry(entraRetries, requestCode, {
      signal,
      background: false,
    });
    polls = { endMonoMs: clock.monotonic() + lifetimeMs, ...rest };
    show(info);
    return response;
  };

  const poll = async (request: HttpRequest, signal: AbortSignal, { endMonoMs, deviceCode, ...first }: Polls) => {
    for (let pauseMs = first.pauseMs, waitMs = pauseMs; ; ) {
      const leftMs = endMonoMs - clock.monotonic();
      await clock.sleep(Math.min(waitMs, Math.max(0, leftMs)), signal);
      if (leftMs <= waitMs) throw expired(sourceName);
      const response = await sendOnce(request, signal);
      const body = response === undefined || response.status === 200 ? undefined : parseEntraError(response.body);
      const error = body?.error;
      if (error === "slow_down") pauseMs += intervalSeconds.slowDown * 1000;
      waitMs = pauseMs;
      if (response === undefined || error === "slow_down" || error === "authorization_pending") continue;
      if (!entraRetries.statuses.includes(response.status))
        return final(sourceName, response, body, clock.now(), deviceCode);
      waitMs = Math.max(pauseMs, retryAfterMs(response.headers, clock.now()) ?? 0);
    }
  };

  /** `undefined`: no response to this poll. */
  const sendOnce = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | undefined> => {
    const late = () =>
      outcomeError("timeout", `${sourceName} had no answer within ${pollTimeoutMs / 1000} s.`, {
        remedy: "Check the network and HTTPS_PROXY.",
      });
    try {
      return await withinTime({ clock, ms: pollTimeoutMs, late }, signal, (own) => http.send(request, own));
    } catch (error) {
      if (isIdentityError(error) && (error.outcome === "unreachable" || error.outcome === "timeout")) return undefined;
      throw error;
    }
  };

  return {
    send(request, signal) {
      const path = new URL(request.url).pathname;
      if (path.endsWith("/devicecode")) return start(request, signal);
      return polls !== undefined && path.endsWith("/token") ? poll(request, signal, polls) : http.send(request, signal);
    },
  };
}

/** Text that is safe to show: terminals interpret control characters. */
const printable = /^[^\p{Cc}\p{Cf}]{1,2048}$/u;

function readDeviceCode(sourceName: string, response: HttpResponse, now: number) {
  const fields = readJsonAnswer(sourceName, response) ?? {};
  const { user_code: userCode, verification_uri: verificationUri, device_code: deviceCode, message } = fields;
  const lifetimeMs = Number(fields.expires_in) * 1000;
  const areUsable = [userCode, verificationUri, deviceCode].every(
    (text) => typeof text === "string" && printable.test(text),
  );
  const isPage = URL.canParse(String(verificationUri)) && new URL(String(verificationUri)).protocol === "https:";
  if (!areUsable || !isPage || !(lifetimeMs > 0 && lifetimeMs < 86_400_000)) throw unusable(sourceName);
  const seconds = Number(fields.interval ?? intervalSeconds.default);
  const pauseSeconds = Number.isFinite(seconds)
    ? Math.min(Math.max(seconds, intervalSeconds.min), intervalSeconds.max)
    : intervalSeconds.default;
  const fallbackMessage = `To sign in, open ${verificationUri} and enter the code ${userCode}.`;
  const info = {
    userCode: userCode as string,
    verificationUri: verificationUri as string,
    message: typeof message === "string" && printable.test(message) ? message : fallbackMessage,
    expiresOnTimestamp: now + lifetimeMs,
  };
  return { info, lifetimeMs, pauseMs: pauseSeconds * 1000, deviceCode: deviceCode as string };
}

/**
 * Error codes that come without an AADSTS number. RFC 8628 section 3.5, and Microsoft's page on the
 * device code flow.
 */
function final(
  sourceName: string,
  response: HttpResponse,
  body: ReturnType<typeof parseEntraError>,
  now: number,
  deviceCode: string,
): HttpResponse {
  if (body !== undefined && isDeclined(body)) throw declined(sourceName);
  if (body?.error === "expired_token" || body?.error === "code_expired") throw expired(sourceName);
  if (response.status !== 200) throw refusalOfUser(sourceName, response, now, [deviceCode]);
  return response;
}

function expired(sourceName: string): IdentityError {
  return outcomeError("timeout", `${sourceName}: the code expired before a user signed in with it.`, {
    code: "code-expired",
    remedy: "Request a new code, and sign in before it expires.",
  });
}

function unusable(sourceName: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the response has no usable device code.`, {
    code: "invalid-device-code-response",
    remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in place of Entra.",
    statusCode: 200,
  });
}
