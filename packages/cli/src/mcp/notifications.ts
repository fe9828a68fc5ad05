import type { Connection } from "./connection.ts";
import { deliver } from "./deliver.ts";
import { explain } from "./failure.ts";
import { listen } from "./listen.ts";
import type { Envelope } from "./message.ts";
import type { RelayState } from "./relay-state.ts";

/** Milliseconds that a server may take to accept a notification before what follows it is sent. */
const acceptMs = 10_000;

/** Relays a notification, or a response to a request of the server, after those before it. */
export function takeNotification(relay: RelayState, envelope: Envelope): void {
  relay.accepted = inTime(relay.connection, pass(relay, envelope, relay.accepted));
}

/** A server that never says that it has a notification must not keep back what follows. */
async function inTime(connection: Connection, accepted: Promise<void>): Promise<void> {
  const waiting = new AbortController();
  const limit = connection.sleep(acceptMs, AbortSignal.any([waiting.signal, connection.signal]));
  await Promise.race([accepted, limit.catch(() => undefined)]);
  waiting.abort();
}

/** A notification, or a response to a request of the server: one after the other. */
async function pass(relay: RelayState, envelope: Envelope, previous: Promise<void>): Promise<void> {
  const { connection } = relay;
  await previous;
  try {
    const posted = await deliver(connection, envelope, connection.signal);
    if ("refusal" in posted) throw posted.refusal.failure;
    posted.answer.body.resume();
    if (envelope.message.method === "notifications/initialized") startListening(relay);
  } catch (error) {
    if (connection.signal.aborted) return;
    const { message, remedy = "" } = explain(error);
    connection.notice(`${envelope.message.method ?? "A response"} did not reach the server. ${message} ${remedy}`);
  }
}

/** Reads what the server sends unasked, in place of an earlier stream of the same kind. */
export function startListening(relay: RelayState): void {
  const { connection } = relay;
  const controller = new AbortController();
  relay.listening?.abort();
  relay.listening = controller;
  void listen(connection, AbortSignal.any([controller.signal, connection.signal]));
}
