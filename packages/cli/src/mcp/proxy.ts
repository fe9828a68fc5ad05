import type { Connection } from "./connection.ts";
import { ServerFailure } from "./failure.ts";
import { splitLines } from "./lines.ts";
import { type Envelope, isRequest, member, type RequestId, readMessages } from "./message.ts";
import { startListening, takeNotification } from "./notifications.ts";
import { fail, type RelayState } from "./relay-state.ts";
import { sessionHeaders } from "./request-headers.ts";
import { takeRequest } from "./requests.ts";

/** Milliseconds that responses may still take when the client has closed its end. */
const lingerMs = 10_000;

/**
 * Relays messages between a client, line by line, and an MCP server over HTTP, until the client
 * closes its end or the signal of the connection ends. Everything that fails becomes the error of
 * the request that it belongs to.
 */
export async function runProxy(connection: Connection, input: AsyncIterable<Uint8Array>): Promise<void> {
  const relay: RelayState = { connection, pending: new Map(), accepted: Promise.resolve(), listening: undefined };
  connection.session.onRenewed = () => {
    if (relay.listening !== undefined) startListening(relay);
  };
  try {
    for await (const line of splitLines(input, connection.maxMessageBytes)) {
      if ("tooLong" in line) await fail(relay, undefined, tooLong(connection));
      else if (line.text.trim() !== "") await takeLine(relay, line.text);
    }
  } catch (error) {
    if (!connection.signal.aborted) throw error;
  }
  await finish(relay);
}

async function takeLine(relay: RelayState, text: string): Promise<void> {
  const envelopes = readMessages(text);
  if (envelopes === undefined) return fail(relay, undefined, notJson());
  for (const envelope of envelopes) {
    if (isRequest(envelope)) await takeRequest(relay, envelope);
    else if (!cancel(relay, envelope)) takeNotification(relay, envelope);
  }
}

/**
 * From revision 2026-07-28 on, a request is cancelled by closing its connection. Returns whether
 * the message was about such a request.
 */
function cancel({ pending }: RelayState, { message }: Envelope): boolean {
  if (message.method !== "notifications/cancelled") return false;
  const id = member(message.params, "requestId") as RequestId;
  const entry = pending.get(id);
  if (entry?.isModern !== true) return false;
  entry.controller.abort();
  pending.delete(id);
  return true;
}

/** Lets responses arrive that are under way, and ends the session at the server. */
async function finish(relay: RelayState): Promise<void> {
  const { connection, pending } = relay;
  const { send, session, sleep, signal } = connection;
  const limit = new AbortController();
  const ended = AbortSignal.any([limit.signal, signal]);
  const quiet = sleep(lingerMs, ended).catch(() => undefined);
  const awaited = [...pending.values()].filter(({ isSubscription }) => !isSubscription).map(({ done }) => done);
  await Promise.race([Promise.all([relay.accepted, ...awaited]), quiet]);
  relay.listening?.abort();
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
