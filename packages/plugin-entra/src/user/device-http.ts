import {
  type Clock,
  entraError,
  type Http,
  type HttpRequest,
  type HttpResponse,
  type IdentityError,
  isIdentityError,
  outcomeError,
  parseEntraError,
  parseJsonObject,
  retryAfterMs,
  type SourceContext,
  withinTime,
} from "@azidentity/core/plugin";
import { entraRetries } from "../retries.ts";
import { declined, isDeclined } from "./declined.ts";

/** What a person has to be told. Names as in the Azure SDKs. */
export interface DeviceCodeInfo {
  /** What to type. */
  readonly userCode: string;
  /** Where to type it. */
  readonly verificationUri: string;
  /** Both in a sentence, in the words of Entra. */
  readonly message: string;
  /** When the code ends: milliseconds since 1970-01-01 UTC. */
  readonly expiresOnTimestamp: number;
}

export interface DeviceHttpSettings {
  readonly sourceName: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly retry: SourceContext["retry"];
  /** Tells a person what to do. Not waited for. */
  readonly show: (info: DeviceCodeInfo) => unknown;
}

/** Milliseconds that one poll may take: an answer that never comes is not to use up the code. */
const patience = 30_000;
/** Seconds. Between two polls, where the server says nothing sensible; more after each `slow_down`. RFC 8628 section 3.5. */
const interval = { unsaid: 5, least: 1, most: 60, slower: 5 };

interface Polls {
  /** Milliseconds on the monotonic clock. */
  readonly endMono: number;
  /** Milliseconds before each. */
  readonly pause: number;
  /** What is sent and nobody may see. */
  readonly deviceCode: string;
}

/**
 * HTTP for the device code flow: shows the code when it comes, and answers the question for tokens when the user has signed in, refused, or
 * run out of time. Polls on the core's clock, so that it ends at once with its signal.
 */
export function createDeviceHttp({ sourceName, http, clock, retry, show }: DeviceHttpSettings): Http {
  let polls: Polls | undefined;

  const start = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const ask = async () => {
      const response = await http.send(request, signal);
      if (response.status !== 200) throw entraError(sourceName, response, clock.now());
      return response;
    };
    const response = await retry(entraRetries, ask, { signal, background: false });
    const { info, lifetime, ...rest } = readDeviceCode(sourceName, response, clock.now());
    polls = { endMono: clock.monotonic() + lifetime, ...rest };
    show(info);
    return response;
  };

  const poll = async (request: HttpRequest, signal: AbortSignal, { endMono, deviceCode, ...first }: Polls) => {
    for (let pause = first.pause, wait = pause; ; ) {
      const left = endMono - clock.monotonic();
      await clock.sleep(Math.min(wait, Math.max(0, left)), signal);
      if (left <= wait) throw expired(sourceName);
      const response = await sendOnce(request, signal);
      const said = response === undefined || response.status === 200 ? undefined : parseEntraError(response.body);
      const word = said?.error;
      if (word === "slow_down") pause += interval.slower * 1000;
      wait = pause;
      if (response === undefined || word === "slow_down" || word === "authorization_pending") continue;
      if (!entraRetries.statuses.includes(response.status))
        return final(sourceName, response, said, clock.now(), deviceCode);
      wait = Math.max(pause, retryAfterMs(response.headers, clock.now()) ?? 0);
    }
  };

  /** `undefined`: nobody answered, this time. */
  const sendOnce = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | undefined> => {
    const late = () => outcomeError("timeout", `${sourceName} had no answer within ${patience / 1000} s.`);
    try {
      return await withinTime({ clock, ms: patience, late }, signal, (own) => http.send(request, own));
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

/** What may be shown: a terminal obeys control characters. */
const printable = /^[^\p{Cc}\p{Cf}]{1,2048}$/u;

function readDeviceCode(sourceName: string, response: HttpResponse, now: number) {
  const fields = parseJsonObject(response.body) ?? {};
  const { user_code: userCode, verification_uri: verificationUri, device_code: deviceCode, message } = fields;
  const lifetime = Number(fields.expires_in) * 1000;
  const texts = [userCode, verificationUri, deviceCode].every(
    (text) => typeof text === "string" && printable.test(text),
  );
  if (!texts || !(lifetime > 0 && lifetime < 86_400_000)) throw unusable(sourceName);
  const seconds = Number(fields.interval ?? interval.unsaid);
  const pause = Number.isFinite(seconds) ? Math.min(Math.max(seconds, interval.least), interval.most) : interval.unsaid;
  const own = `To sign in, open ${verificationUri} and enter the code ${userCode}.`;
  const info = {
    userCode: userCode as string,
    verificationUri: verificationUri as string,
    message: typeof message === "string" && printable.test(message) ? message : own,
    expiresOnTimestamp: now + lifetime,
  };
  return { info, lifetime, pause: pause * 1000, deviceCode: deviceCode as string };
}

/** Words that Entra uses without a number. Source: RFC 8628 section 3.5, and Microsoft's page on the device code flow. */
function final(
  sourceName: string,
  response: HttpResponse,
  said: ReturnType<typeof parseEntraError>,
  now: number,
  deviceCode: string,
): HttpResponse {
  if (said !== undefined && isDeclined(said)) throw declined(sourceName);
  if (said?.error === "expired_token" || said?.error === "code_expired") throw expired(sourceName);
  if (response.status !== 200) throw entraError(sourceName, response, now, [deviceCode]);
  return response;
}

function expired(sourceName: string): IdentityError {
  return outcomeError("timeout", `${sourceName}: the code ended before anybody signed in with it.`, {
    code: "code-expired",
    remedy: "Nobody signed in in time: try again.",
  });
}

function unusable(sourceName: string): IdentityError {
  return outcomeError("failed", `${sourceName}: the answer holds no device code.`, {
    code: "invalid-device-code-response",
    remedy: "Check that nothing between this machine and Entra, such as a proxy, answers in its place.",
    statusCode: 200,
  });
}
