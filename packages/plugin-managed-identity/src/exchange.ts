import {
  type HttpRequest,
  type HttpResponse,
  isIdentityError,
  outcomeError,
  relabelError,
  type SourceContext,
  type TokenRequest,
  withinTime,
} from "@azidentity/core/plugin";
import type { Host, HostCall } from "./host.ts";

/** One acquisition from a host. */
export interface HostAcquisition {
  /** Starts the messages of errors. */
  readonly label: string;
  readonly host: Host;
  readonly call: HostCall;
  readonly request: TokenRequest;
  readonly context: Pick<SourceContext, "http" | "clock" | "retry" | "log">;
}

/** A request and its response. */
export interface Exchange {
  readonly response: HttpResponse;
  readonly sent: HttpRequest;
  /** Milliseconds since 1970, when the request was sent. */
  readonly sentAt: number;
}

const checkNetwork = "Check what listens at its address, and firewalls and network policies in between.";

/** Sends one request; the response must arrive within `timeoutMs`. */
async function send(acquisition: HostAcquisition, sent: HttpRequest, timeoutMs: number): Promise<Exchange> {
  const { label, request, context } = acquisition;
  const sentAt = context.clock.now();
  const late = () =>
    outcomeError("timeout", `${label}: no response arrived within ${timeoutMs / 1_000} s.`, { remedy: checkNetwork });
  try {
    const limit = { clock: context.clock, ms: timeoutMs, late };
    const response = await withinTime(limit, request.signal, (signal) => context.http.send(sent, signal));
    return { response, sent, sentAt };
  } catch (error) {
    if (request.signal.aborted) throw error;
    // hosts are reached without a proxy, which the remedies of HTTP errors name
    const isRefused = isIdentityError(error) && error.code === "unreachable";
    throw relabelError(error, label, (own) => (isRefused ? checkNetwork : (own ?? checkNetwork)));
  }
}

/** One attempt: a request, and a second one where the host sends a challenge. */
export async function exchange(acquisition: HostAcquisition, timeoutMs: number): Promise<Exchange> {
  const { host, call } = acquisition;
  const first = await send(acquisition, await host.request(call), timeoutMs);
  if (first.response.status !== 401 || host.answerChallenge === undefined) return first;
  return send(acquisition, await host.answerChallenge(first.response, first.sent, call), timeoutMs);
}
