import {
  type IdentityError,
  type IssuedToken,
  isIdentityError,
  outcomeError,
  type Principal,
} from "@azidentity/core/plugin";
import { type Exchange, exchange, type HostAcquisition } from "./exchange.ts";
import { type Fields, type HostCall, limitsOf } from "./host.ts";
import type { ErrorResponseOfHost } from "./host-error.ts";
import { elsewhere } from "./hosts/imds.ts";
import { fieldsOf, readToken } from "./read-token.ts";

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

function principalOf({ client_id: clientId, object_id: objectId }: Fields): Principal {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value.toLowerCase() : undefined);
  return { clientId: text(clientId), objectId: text(objectId) };
}

const isSilence = (error: unknown): error is IdentityError =>
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

const waiting = "no response yet; the host may be starting, so it is asked again.";

/** The error for a response without a token; what makes it is loaded with the first one. */
async function hostError(response: ErrorResponseOfHost, now: number): Promise<IdentityError> {
  return (await import("./host-error.ts")).hostError(response, now);
}

/** One attempt: a request without a response is followed by the next one that the limits allow. */
async function attemptExchange(
  acquisition: HostAcquisition,
  [limitMs = 0, ...others]: readonly number[],
  onFailure: (error: unknown) => void,
): Promise<Exchange> {
  try {
    return await exchange(acquisition, limitMs);
  } catch (error) {
    onFailure(error);
    const isSilent = isIdentityError(error) && error.outcome === "timeout";
    if (!isSilent || others.length === 0 || acquisition.request.signal.aborted) throw error;
  }
  return attemptExchange(acquisition, others, onFailure);
}

/** The final exchange, after as many attempts as the host's table allows. */
async function exchangeWithRetries(acquisition: HostAcquisition): Promise<Exchange> {
  const { label, host, call, request, context } = acquisition;
  // a host that is starting gets all attempts, so between them it is assumed to exist
  const presumed: HostCall = { ...call, evidence: { ...call.evidence, exists: () => true } };
  let failed: Exchange | undefined;
  const isOnlyRequest = request.background || !call.evidence.isConfigured;
  const limitsMs = limitsOf(host, isOnlyRequest);
  let isReported = isOnlyRequest;
  const report = (error: unknown) => {
    if (!isReported && isSilence(error) && error.code !== "permission-denied") context.log.warn(`${label}: ${waiting}`);
    isReported = true;
  };
  const attempt = async () => {
    failed = undefined;
    const answer = await attemptExchange(acquisition, limitsMs, report);
    call.evidence.record(answer.response);
    if (!host.retries.statuses.includes(answer.response.status)) return answer;
    failed = answer;
    throw await hostError({ label, host, call: presumed, exchange: answer }, context.clock.now());
  };
  try {
    return await context.retry(host.retries, attempt, request);
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
  await host.confirmIdentity?.(fields, call);
  return { ...issued, principal: principalOf(fields) };
}
