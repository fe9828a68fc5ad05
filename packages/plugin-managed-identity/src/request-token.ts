import {
  type HttpRequest,
  type HttpResponse,
  type IssuedToken,
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

/** One token from a host, with as many tries as its table allows. */
export async function requestToken(
  who: string,
  host: Host,
  asked: Asked,
  request: TokenRequest,
  context: Context,
): Promise<IssuedToken> {
  const now = () => context.clock.now();
  const attempt = async () => {
    const answer = await exchange(who, host, asked, context, request.signal);
    if (host.retries.statuses.includes(answer.response.status)) throw hostError(who, host, answer, asked, now());
    return answer;
  };
  const answer = await context.retry(host.retries, attempt, request);
  // what is final is judged here: its outcome may be one that the loop above would try again
  const { response, at } = answer;
  if (response.status !== 200 || fieldsOf(response) === undefined) throw hostError(who, host, answer, asked, now());
  const { fields, issued } = readToken(who, response, { sent: at, now: now() });
  host.confirm?.(fields, asked);
  return { ...issued, principal: principalOf(fields) };
}
