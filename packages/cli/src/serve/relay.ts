import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type GetTokenOptions, isIdentityError, type TokenCredential } from "@azidentity/core";
import { admit, type Progress } from "./admit.ts";
import type { RelayPolicy } from "./policy.ts";
import type { Protocol, Reply } from "./protocols/protocol.ts";
import { protocolAt } from "./protocols/protocols.ts";
import { Refusal } from "./refusal.ts";
import type { RelayEvent } from "./relay-event.ts";
import type { RelayRequest, RelayToken } from "./relay-request.ts";
import { send } from "./send.ts";
import { targetOf } from "./target.ts";
import { toRefusal } from "./to-refusal.ts";

export interface RelayParts {
  /** Gets the tokens, and caches them. */
  readonly credential: TokenCredential;
  readonly policy: RelayPolicy;
  /** Wall clock, in milliseconds since 1970. */
  now(): number;
  /** Called once for each request, after its answer. */
  onAnswer(event: RelayEvent): void;
  /** Called for an error that is neither a refusal nor one of the identity: a defect. */
  onDefect(error: unknown): void;
}

/**
 * Answers requests for tokens: checks each, gets its token, and answers in the words of its
 * protocol.
 */
export function createRelay(parts: RelayParts): RequestListener {
  return (message, response) => {
    answer(message, response, parts).catch(parts.onDefect);
  };
}

async function answer(message: IncomingMessage, response: ServerResponse, parts: RelayParts): Promise<void> {
  const at = parts.now();
  const protocol = protocolAt(targetOf(message).path);
  const progress: Progress = {};
  const gone = new AbortController();
  response.once("close", () => gone.abort()); // after the answer, or because the client has hung up
  const { reply, refusal } = await decide(message, protocol, parts, progress, gone.signal);
  if (gone.signal.aborted) return;
  send(response, reply, message.complete);
  const ms = parts.now() - at;
  const { client, scopes, correlationId } = progress;
  const said = correlationId === undefined ? {} : { correlationId };
  parts.onAnswer({ at, protocol: protocol.name, client, scopes, ...said, ms, ...refusal });
}

type Decision = { readonly reply: Reply; readonly refusal: Pick<RelayEvent, "outcome" | "refusal"> };

async function decide(
  message: IncomingMessage,
  protocol: Protocol,
  { credential, policy, onDefect }: RelayParts,
  progress: Progress,
  signal: AbortSignal,
): Promise<Decision> {
  try {
    const request = await admit(message, protocol, policy, progress);
    const token = await getToken(credential, request, signal);
    return { reply: protocol.answer(token, request), refusal: { outcome: "token" } };
  } catch (error) {
    const refusal = toRefusal(error);
    if (!(error instanceof Refusal || isIdentityError(error) || signal.aborted)) onDefect(error);
    const { message: text, remedy, reason } = refusal;
    return {
      reply: withHeaders(protocol.refuse(refusal), refusal),
      refusal: { outcome: reason, refusal: { message: text, remedy } },
    };
  }
}

async function getToken(
  credential: TokenCredential,
  { scopes, tenantId, claims, enableCae, correlationId }: RelayRequest,
  abortSignal: AbortSignal,
): Promise<RelayToken> {
  const options: GetTokenOptions = { tenantId, claims, enableCae, correlationId, abortSignal };
  const token = await credential.getToken([...scopes], options);
  if (token.tokenType !== "Bearer") throw new Refusal("failed", "The token is no bearer token, which clients expect.");
  return token;
}

function withHeaders(reply: Reply, { status, retryAfterMs }: Refusal): Reply {
  const headers = {
    ...reply.headers,
    ...(status === 401 && { "www-authenticate": "Bearer" }),
    ...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
  };
  return { ...reply, headers };
}
