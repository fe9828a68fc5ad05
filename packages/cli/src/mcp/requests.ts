import { quote, redact } from "@azidentity/core/plugin";
import { ownMessage, sessionIdOf } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { deliver, learnRevision } from "./deliver.ts";
import { ServerFailure } from "./failure.ts";
import { answers, type Envelope, type RequestEnvelope, type RequestId, revisionOf } from "./message.ts";
import type { Posted } from "./post.ts";
import { receive } from "./receive.ts";
import { notMcp } from "./refusal.ts";
import { fail, type Pending, type RelayState } from "./relay-state.ts";

/** A client that has more requests under way has probably lost its way. */
const maxPending = 1_000;

/** Relays a request and everything that it is answered with. */
export async function takeRequest(relay: RelayState, request: RequestEnvelope): Promise<void> {
  const { connection, pending } = relay;
  const { id } = request.message;
  if (pending.size >= maxPending) return fail(relay, id, tooMany());
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, connection.signal]);
  const done = answerRequest(relay, request, signal).catch((error: unknown) => {
    if (!signal.aborted && pending.has(id)) return fail(relay, id, error);
  });
  const isSubscription = request.message.method === "subscriptions/listen";
  const entry = { controller, isModern: revisionOf(request) !== undefined, isSubscription, done };
  pending.set(id, entry);
  void done.then(() => forget(relay, id, entry));
}

function forget({ pending }: RelayState, id: RequestId, entry: Pending): void {
  if (pending.get(id) === entry) pending.delete(id);
}

async function answerRequest(relay: RelayState, request: RequestEnvelope, signal: AbortSignal): Promise<void> {
  const { connection, pending } = relay;
  const { id } = request.message;
  // `notifications/initialized` has to arrive before what follows it
  await relay.accepted;
  if (request.message.method === "initialize") beginSession(relay, request);
  const posted = await deliver(connection, request, signal);
  if ("refusal" in posted) return refuse(connection, id, posted.refusal);
  if (request.message.method === "initialize")
    connection.session.id = sessionIdOf(posted.answer.headers["mcp-session-id"]);
  if (posted.answer.status !== 200) throw notMcp(posted.answer, connection.host);
  await receive(connection, request, posted.answer, {
    signal,
    onMessage: async (envelope) => {
      const isAnswer = answers(envelope, id);
      if (isAnswer) learn(connection, request, envelope);
      await connection.write(envelope);
      if (isAnswer) pending.delete(id);
    },
  });
}

/** An error of JSON-RPC is the answer, unless it is about the token. */
async function refuse(
  connection: Connection,
  id: RequestId,
  refusal: Extract<Posted, { refusal: unknown }>["refusal"],
) {
  const { error, status, failure } = refusal;
  if (error === undefined || status === 401 || status === 403) throw failure;
  await connection.write(ownMessage({ id, error }));
}

function learn(connection: Connection, request: Envelope, { message }: Envelope): void {
  const { method } = request.message;
  if (method === "initialize") learnRevision(connection, message.result);
  if (method !== "tools/list" || revisionOf(request) === undefined) return;
  for (const name of connection.tools.learn(message.result))
    connection.notice(
      `The tool ${quote(redact(name))} has an annotation x-mcp-header that is not valid; calls of it may be refused.`,
    );
}

function beginSession(relay: RelayState, request: Envelope): void {
  relay.listening?.abort();
  Object.assign(relay.connection.session, { id: undefined, revision: undefined, initialize: request });
}

function tooMany(): ServerFailure {
  return new ServerFailure("mcp-too-many-requests", `More than ${maxPending} requests are under way.`, {
    remedy: "Wait for responses before sending more.",
  });
}
