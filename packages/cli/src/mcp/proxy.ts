import { quote } from "@azidentity/core/plugin";
import { ownMessage, sessionIdOf } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { deliver, learnRevision } from "./deliver.ts";
import { explain, failureMessage, ServerFailure } from "./failure.ts";
import { splitLines } from "./lines.ts";
import { listen } from "./listen.ts";
import {
  answers,
  type Envelope,
  isRequest,
  member,
  type RequestEnvelope,
  type RequestId,
  readMessages,
  revisionOf,
} from "./message.ts";
import type { Posted } from "./post.ts";
import { receive } from "./receive.ts";
import { notMcp } from "./refusal.ts";
import { sessionHeaders } from "./request-headers.ts";

/** What a client has asked and is not answered yet. */
interface Pending {
  readonly controller: AbortController;
  readonly isModern: boolean;
  /** Is answered when the subscription ends. */
  readonly isSubscription: boolean;
  readonly done: Promise<void>;
}

interface Proxy {
  readonly connection: Connection;
  readonly pending: Map<RequestId, Pending>;
  /** Ends when the server has taken every notification and response that the client sent so far. */
  accepted: Promise<void>;
  /** Ends the stream of messages that the server sends unasked. */
  listening: AbortController | undefined;
}

/** A client that has more requests under way has probably lost its way. */
const maxPending = 1_000;

/** Milliseconds that responses may still take when the client has closed its end. */
const lingerMs = 10_000;

/**
 * Relays messages between a client, line by line, and an MCP server over HTTP, until the client closes
 * its end or the signal of the connection ends. Everything that fails becomes the error of the request
 * that it belongs to.
 */
export async function runProxy(connection: Connection, input: AsyncIterable<Uint8Array>): Promise<void> {
  const proxy: Proxy = { connection, pending: new Map(), accepted: Promise.resolve(), listening: undefined };
  connection.session.onRenewed = () => {
    if (proxy.listening !== undefined) startListening(proxy);
  };
  try {
    for await (const line of splitLines(input, connection.maxMessageBytes)) {
      if ("tooLong" in line) await fail(proxy, undefined, tooLong(connection));
      else if (line.text.trim() !== "") await takeLine(proxy, line.text);
    }
  } catch (error) {
    if (!connection.signal.aborted) throw error;
  }
  await finish(proxy);
}

async function takeLine(proxy: Proxy, text: string): Promise<void> {
  const envelopes = readMessages(text);
  if (envelopes === undefined) return fail(proxy, undefined, notJson());
  for (const envelope of envelopes) {
    if (isRequest(envelope)) await takeRequest(proxy, envelope);
    else if (!cancel(proxy, envelope)) proxy.accepted = pass(proxy, envelope, proxy.accepted);
  }
}

async function takeRequest(proxy: Proxy, request: RequestEnvelope): Promise<void> {
  const { connection, pending } = proxy;
  const { id } = request.message;
  if (pending.size >= maxPending) return fail(proxy, id, tooMany());
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, connection.signal]);
  const done = answerRequest(proxy, request, signal).catch((error: unknown) => {
    if (!signal.aborted && pending.has(id)) return fail(proxy, id, error);
  });
  const isSubscription = request.message.method === "subscriptions/listen";
  const entry = { controller, isModern: revisionOf(request) !== undefined, isSubscription, done };
  pending.set(id, entry);
  void done.then(() => forget(proxy, id, entry));
}

function forget({ pending }: Proxy, id: RequestId, entry: Pending): void {
  if (pending.get(id) === entry) pending.delete(id);
}

async function answerRequest(proxy: Proxy, request: RequestEnvelope, signal: AbortSignal): Promise<void> {
  const { connection, pending } = proxy;
  const { id } = request.message;
  // `notifications/initialized` has to arrive before what follows it
  await proxy.accepted;
  if (request.message.method === "initialize") beginSession(proxy, request);
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
      `The tool ${quote(name)} has an annotation x-mcp-header that is not valid; calls of it may be refused.`,
    );
}

function beginSession(proxy: Proxy, request: Envelope): void {
  proxy.listening?.abort();
  Object.assign(proxy.connection.session, { id: undefined, revision: undefined, initialize: request });
}

/** A notification, or a response to a request of the server: one after the other. */
async function pass(proxy: Proxy, envelope: Envelope, previous: Promise<void>): Promise<void> {
  const { connection } = proxy;
  await previous;
  try {
    const posted = await deliver(connection, envelope, connection.signal);
    if ("refusal" in posted) throw posted.refusal.failure;
    posted.answer.body.resume();
    if (envelope.message.method === "notifications/initialized") startListening(proxy);
  } catch (error) {
    if (connection.signal.aborted) return;
    const { message, remedy = "" } = explain(error);
    connection.notice(`${envelope.message.method ?? "A response"} did not reach the server. ${message} ${remedy}`);
  }
}

function startListening(proxy: Proxy): void {
  const { connection } = proxy;
  const controller = new AbortController();
  proxy.listening?.abort();
  proxy.listening = controller;
  void listen(connection, AbortSignal.any([controller.signal, connection.signal]));
}

/**
 * From revision 2026-07-28 on, a request is cancelled by closing its connection. Returns whether the
 * message was about such a request.
 */
function cancel({ pending }: Proxy, { message }: Envelope): boolean {
  if (message.method !== "notifications/cancelled") return false;
  const id = member(message.params, "requestId") as RequestId;
  const entry = pending.get(id);
  if (entry?.isModern !== true) return false;
  entry.controller.abort();
  pending.delete(id);
  return true;
}

async function fail({ connection, pending }: Proxy, id: RequestId | undefined, error: unknown): Promise<void> {
  if (id !== undefined) pending.delete(id);
  const { message, remedy = "" } = explain(error);
  connection.notice(`${message} ${remedy}`);
  await connection.write(ownMessage(failureMessage(id, error)));
}

/** Lets responses arrive that are under way, and ends the session at the server. */
async function finish(proxy: Proxy): Promise<void> {
  const { connection, pending } = proxy;
  const { send, session, sleep, signal } = connection;
  const limit = new AbortController();
  const ended = AbortSignal.any([limit.signal, signal]);
  const quiet = sleep(lingerMs, ended).catch(() => undefined);
  const awaited = [...pending.values()].filter(({ isSubscription }) => !isSubscription).map(({ done }) => done);
  await Promise.race([Promise.all([proxy.accepted, ...awaited]), quiet]);
  proxy.listening?.abort();
  for (const { controller } of pending.values()) controller.abort();
  if (session.id !== undefined && !signal.aborted) {
    const farewell = send({ method: "DELETE", headers: sessionHeaders(session) }, ended);
    await Promise.race([farewell.then(({ body }) => body.destroy()).catch(() => undefined), quiet]);
  }
  limit.abort();
}

function tooLong({ maxMessageBytes }: Connection): ServerFailure {
  return new ServerFailure(
    "mcp-message-too-large",
    `The client sent a message of more than ${maxMessageBytes / 1_048_576} MiB.`,
    {
      remedy: "Send less at once.",
    },
  );
}

function notJson(): ServerFailure {
  return new ServerFailure("mcp-not-json", "The client sent a line that is no message of JSON-RPC 2.0.", {
    remedy: "azid mcp is started by an MCP client, which writes one message a line.",
  });
}

function tooMany(): ServerFailure {
  return new ServerFailure("mcp-too-many-requests", `More than ${maxPending} requests are under way.`, {
    remedy: "Wait for responses before sending more.",
  });
}
