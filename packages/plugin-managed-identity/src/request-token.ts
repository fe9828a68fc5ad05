import {
  type HttpRequest,
  type HttpResponse,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type Principal,
  type SourceContext,
  type TokenRequest,
  withinTime,
} from "@azidentity/core/plugin";
import type { Fields, Host, HostCall } from "./host.ts";
import { hostError } from "./host-error.ts";
import { elsewhere } from "./hosts/imds.ts";
import { fieldsOf, readToken } from "./read-token.ts";
import { attemptTimeoutMs, retriesOf } from "./retry-policy.ts";

const scopeSuffix = "/.default";

/**
 * The one resource that the scopes name. Only the last `/.default` is removed: an audience may end
 * in a slash, which is part of it.
 */
export function resourceOf(label: string, scopes: readonly string[]): string {
  const [scope = "", ...others] = scopes;
  const resource = scope.endsWith(scopeSuffix) ? scope.slice(0, -scopeSuffix.length) : scope;
  if (others.length === 0 && resource !== "") return resource;
  throw outcomeError("misconfigured", `${label} cannot request ${scopes.map((one) => `"${one}"`).join(" and ")}.`, {
    code: "invalid-scope",
    remedy: 'Request one resource at a time, like "https://vault.azure.net/.default".',
  });
}

/** One acquisition from a host. */
export interface HostAcquisition {
  /** Starts the messages of errors. */
  readonly label: string;
  readonly host: Host;
  readonly call: HostCall;
  readonly request: TokenRequest;
  readonly context: Pick<SourceContext, "http" | "clock" | "retry">;
}

interface Exchange {
  readonly response: HttpResponse;
  readonly sent: HttpRequest;
  /** Milliseconds since 1970, when the request was sent. */
  readonly sentAt: number;
}

const checkNetwork = "Check what listens at its address, and firewalls and network policies in between.";

/** An error of the connection as one of the host, which is reached without a proxy. */
function ofHost(label: string, error: unknown): unknown {
  if (!isIdentityError(error) || error.name === "AbortError") return error;
  const { outcome, message, remedy } = error;
  const problem =
    remedy !== undefined && message.endsWith(` ${remedy}`) ? message.slice(0, -remedy.length - 1) : message;
  if (outcome === "unreachable")
    return outcomeError(outcome, `${label}: ${problem}`, { remedy: checkNetwork, cause: error });
  if (error.name !== "AuthenticationError" || remedy !== undefined) return error;
  return outcomeError(outcome, `${label}: ${problem}`, { code: error.code, remedy: checkNetwork, cause: error });
}

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
    throw request.signal.aborted ? error : ofHost(label, error);
  }
}

/** One attempt: a request, and a second one where the host sends a challenge. */
async function exchange(acquisition: HostAcquisition, timeoutMs: number): Promise<Exchange> {
  const { host, call } = acquisition;
  const first = await send(acquisition, host.request(call), timeoutMs);
  if (first.response.status !== 401 || host.answerChallenge === undefined) return first;
  return send(acquisition, await host.answerChallenge(first.response, first.sent, call), timeoutMs);
}

function principalOf({ client_id: clientId, object_id: objectId }: Fields): Principal {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value.toLowerCase() : undefined);
  return { clientId: text(clientId), objectId: text(objectId) };
}

const isSilence = (error: unknown) =>
  isIdentityError(error) && (error.outcome === "unreachable" || error.outcome === "timeout");

/**
 * Without evidence of the host, a response that cannot be read (too large, incomplete) is not a
 * failure of the host.
 */
const notTheHost = (label: string, cause: unknown) =>
  outcomeError("unreachable", `${label}: the response does not come from a metadata service.`, {
    code: "no-metadata-service",
    remedy: elsewhere,
    cause,
  });

/** The final exchange, after as many attempts as the host's table allows. */
async function exchangeWithRetries(acquisition: HostAcquisition): Promise<Exchange> {
  const { label, host, call, request, context } = acquisition;
  // a host that is starting gets all attempts, so between them it is assumed to exist
  const presumed: HostCall = { ...call, evidence: { ...call.evidence, exists: () => true } };
  let failed: Exchange | undefined;
  const isOnlyAttempt = request.background || !call.evidence.isConfigured;
  const attempt = async (n: number) => {
    failed = undefined;
    const answer = await exchange(acquisition, attemptTimeoutMs(host, n, isOnlyAttempt));
    call.evidence.record(answer.response);
    if (!host.retries.statuses.includes(answer.response.status)) return answer;
    failed = answer;
    throw await hostError({ label, host, call: presumed, exchange: answer }, context.clock.now());
  };
  try {
    return await context.retry(retriesOf(host, call.evidence.isConfigured), attempt, request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    // the last response decides whether it was the host
    if (failed !== undefined) throw await hostError({ label, host, call, exchange: failed }, context.clock.now());
    throw call.evidence.exists() || isSilence(error) ? error : notTheHost(label, error);
  }
}

/** Acquires one token from a host. */
export async function requestToken(acquisition: HostAcquisition): Promise<IssuedToken> {
  const { label, host, call, context } = acquisition;
  const answer = await exchangeWithRetries(acquisition);
  const { response, sentAt } = answer;
  const now = context.clock.now();
  // outside the retries: the outcome of a final response may be one that is retried there
  const isReadable = response.status === 200 && fieldsOf(response) !== undefined && call.evidence.exists();
  if (!isReadable) throw await hostError({ label, host, call, exchange: answer }, now);
  const { fields, issued } = readToken(label, response, { sent: sentAt, now });
  host.confirmIdentity?.(fields, call);
  return { ...issued, principal: principalOf(fields) };
}
