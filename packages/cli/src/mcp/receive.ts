import type { Connection } from "./connection.ts";
import { readEvents, type ServerEvent, tooLarge } from "./event-stream.ts";
import { ServerFailure } from "./failure.ts";
import { answers, type Envelope, type RequestEnvelope, type RequestId, readMessages, revisionOf } from "./message.ts";
import { post } from "./post.ts";
import { brokenOff, notMcp, readRefusal } from "./refusal.ts";
import { sessionHeaders } from "./request-headers.ts";
import { type HttpAnswer, headerOf, readText } from "./send.ts";

/** Gets each message in the order of the server, before the next is read. */
export type OnMessage = (envelope: Envelope) => Promise<void> | void;

/** How far a stream has come. */
export interface StreamPosition {
  lastEventId?: string | undefined;
  retryMs?: number | undefined;
  /** Events since it was opened. */
  events: number;
  isAnswered: boolean;
}

/**
 * Reads everything that a request is answered with: a JSON document, or a stream, which is resumed
 * where it broke off.
 *
 * @throws {ServerFailure} the response does not come
 */
export async function receive(
  connection: Connection,
  request: RequestEnvelope,
  answer: HttpAnswer,
  { onMessage, signal }: { readonly onMessage: OnMessage; readonly signal: AbortSignal },
): Promise<void> {
  if (isStream(answer)) return receiveStream(connection, request, answer, { onMessage, signal });
  const type = headerOf(answer, "content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    answer.body.destroy();
    throw notMcp(answer, connection.host);
  }
  const maxBytes = connection.maxMessageBytes;
  const text = await readText(answer, { maxBytes, tooLarge: () => tooLarge(maxBytes) });
  const messages = readMessages(text);
  if (!messages?.some((envelope) => answers(envelope, request.message.id))) throw notMcp(answer, connection.host);
  for (const envelope of messages) await onMessage(envelope);
}

export function isStream(answer: HttpAnswer): boolean {
  return /^text\/event-stream\b/i.test(headerOf(answer, "content-type") ?? "");
}

/** How often a stream is opened again without one event in between. */
const maxReopenings = 5;

/** Milliseconds before a stream is opened again, unless the server says when. */
export function pauseBefore(reopening: number): number {
  return Math.min(500 * 2 ** reopening, 30_000);
}

async function receiveStream(
  connection: Connection,
  request: RequestEnvelope,
  first: HttpAnswer,
  { onMessage, signal }: { readonly onMessage: OnMessage; readonly signal: AbortSignal },
): Promise<void> {
  const maxBytes = connection.maxMessageBytes;
  const position: StreamPosition = { events: 0, isAnswered: false };
  let answer: HttpAnswer | undefined = first;
  for (let reopenings = 0; ; reopenings++) {
    if (answer !== undefined) await readStream(answer, position, { id: request.message.id, maxBytes, onMessage });
    if (position.isAnswered) return;
    signal.throwIfAborted();
    if (position.events > 0) reopenings = 0;
    if (reopenings === maxReopenings) throw brokenOff(connection.host);
    position.events = 0;
    answer = await reopen(connection, request, position, { reopenings, signal }).catch((error: unknown) => {
      if (error instanceof ServerFailure && error.code === "mcp-unreachable") return undefined;
      throw error;
    });
  }
}

/**
 * Reads one connection of a stream to its end, however it ends.
 *
 * @throws {ServerFailure} `mcp-message-too-large`
 */
export async function readStream(
  answer: HttpAnswer,
  position: StreamPosition,
  { id, maxBytes, onMessage }: { readonly id?: RequestId; readonly maxBytes: number; readonly onMessage: OnMessage },
): Promise<void> {
  position.events = 0;
  try {
    for await (const event of readEvents(answer.body as AsyncIterable<Uint8Array>, maxBytes)) {
      position.events++;
      note(position, event);
      for (const envelope of readMessages(event.data) ?? []) {
        if (id !== undefined && answers(envelope, id)) position.isAnswered = true;
        await onMessage(envelope);
      }
    }
  } catch (error) {
    if (error instanceof ServerFailure) throw error;
  } finally {
    answer.body.destroy();
  }
}

function note(position: StreamPosition, { id, retryMs }: ServerEvent): void {
  position.lastEventId = id ?? position.lastEventId;
  position.retryMs = retryMs ?? position.retryMs;
}

/**
 * Opens a stream again that broke off: where it broke off, in revisions up to 2025-11-25. From
 * 2026-07-28 on, streams cannot be resumed, and only a subscription may be requested again.
 */
async function reopen(
  connection: Connection,
  request: RequestEnvelope,
  position: StreamPosition,
  { reopenings, signal }: { readonly reopenings: number; readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  const isSubscription = request.message.method === "subscriptions/listen";
  const isModern = revisionOf(request) !== undefined;
  if (isModern ? !isSubscription : position.lastEventId === undefined) throw brokenOff(connection.host);
  await connection.sleep(position.retryMs ?? pauseBefore(reopenings), signal);
  if (!isModern) return resume(connection, position, signal);
  const posted = await post(connection, request, signal);
  if ("refusal" in posted) throw posted.refusal.failure;
  return posted.answer;
}

/** Source: revision 2025-11-25, Transports, "Resumability and Redelivery" */
async function resume(
  connection: Connection,
  { lastEventId }: StreamPosition,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const answer = await openStream(connection, lastEventId, signal);
  if (answer.status !== 200) throw (await readRefusal(answer, connection.host)).failure;
  if (isStream(answer)) return answer;
  answer.body.destroy();
  throw notMcp(answer, connection.host);
}

/** Requests a stream of the server by GET. */
export function openStream(
  { send, session }: Connection,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const last: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const headers = { accept: "text/event-stream", ...sessionHeaders(session), ...last };
  return send({ method: "GET", headers }, signal);
}
