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
import type { Asked, Fields, Host } from "./host.ts";
import { hostError } from "./host-error.ts";
import { fieldsOf, readToken } from "./read-token.ts";

type Context = Pick<SourceContext, "http" | "clock" | "retry">;

interface Answer {
  readonly response: HttpResponse;
  readonly sent: HttpRequest;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One request, answered within the host's time. */
async function send(who: string, host: Host, sent: HttpRequest, context: Context, outer: AbortSignal): Promise<Answer> {
  const at = context.clock.now();
  const late = () =>
    outcomeError("timeout", `${who}: nothing was answered within ${host.patienceMs / 1_000} s.`, {
      remedy: "Check what listens there, and firewalls and network policies in between.",
    });
  const limit = { clock: context.clock, ms: host.patienceMs, late };
  const response = await withinTime(limit, outer, (signal) => context.http.send(sent, signal));
  return { response, sent, at };
}

/** One try: a request, and a second one where the host wants a proof first. */
async function exchange(who: string, host: Host, asked: Asked, context: Context, signal: AbortSignal): Promise<Answer> {
  const first = await send(who, host, host.request(asked), context, signal);
  if (first.response.status !== 401 || host.prove === undefined) return first;
  return send(who, host, await host.prove(first.response, first.sent, asked), context, signal);
}

function principalOf({ client_id: clientId, object_id: objectId }: Fields): Principal {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value.toLowerCase() : undefined);
  return { clientId: text(clientId), objectId: text(objectId) };
}

const isSilence = (error: unknown) =>
  isIdentityError(error) && (error.outcome === "unreachable" || error.outcome === "timeout");

/** Without evidence of the host, an answer that cannot be read (too large, broken off) is no failure of it. */
const notTheHost = (who: string, cause: unknown) =>
  outcomeError("unreachable", `${who}: There is no answer of a metadata service.`, {
    code: "no-metadata-service",
    cause,
  });

/** An answer, after as many tries as the host's table allows. */
async function answerOf(
  who: string,
  host: Host,
  asked: Asked,
  request: TokenRequest,
  context: Context,
): Promise<Answer> {
  const presumed: Asked = { ...asked, evidence: { ...asked.evidence, exists: () => true } };
  let failed: Answer | undefined;
  const attempt = async () => {
    failed = undefined;
    const answer = await exchange(who, host, asked, context, request.signal);
    asked.evidence.see(answer.response);
    if (!host.retries.statuses.includes(answer.response.status)) return answer;
    failed = answer;
    throw hostError(who, host, answer, presumed, context.clock.now());
  };
  try {
    return await context.retry(host.retries, attempt, request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    // a service that is starting is worth all tries; what it was is judged by the last one
    if (failed !== undefined) throw hostError(who, host, failed, asked, context.clock.now());
    throw asked.evidence.exists() || isSilence(error) ? error : notTheHost(who, error);
  }
}

/** One token from a host. */
export async function requestToken(
  who: string,
  host: Host,
  asked: Asked,
  request: TokenRequest,
  context: Context,
): Promise<IssuedToken> {
  const answer = await answerOf(who, host, asked, request, context);
  // what is final is judged here: its outcome may be one that the loop above would try again
  const { response, at } = answer;
  const now = context.clock.now();
  const isReadable = response.status === 200 && fieldsOf(response) !== undefined && asked.evidence.exists();
  if (!isReadable) throw hostError(who, host, answer, asked, now);
  const { fields, issued } = readToken(who, response, { sent: at, now });
  host.confirm?.(fields, asked);
  return { ...issued, principal: principalOf(fields) };
}
