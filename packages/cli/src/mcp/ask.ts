import type { Connection } from "./connection.ts";
import { answers, type Envelope, isRequest, type Message, type RequestEnvelope } from "./message.ts";
import { post } from "./post.ts";
import { receive } from "./receive.ts";

/** A message of the proxy itself. */
export function ownMessage(message: Message): Envelope {
  return { text: JSON.stringify({ jsonrpc: "2.0", ...message }), message };
}

/**
 * Sends a request of the proxy itself. Its response is returned; what else the server sends with it
 * goes to the client.
 *
 * @throws {ServerFailure} it is not answered
 */
export async function ask(
  connection: Connection,
  request: { readonly method: string; readonly params: unknown },
  onSession: (sessionId: string | undefined) => void = () => undefined,
): Promise<Message> {
  // a text that no client uses for its own requests
  const id = `azid-${crypto.randomUUID()}`;
  const envelope = ownMessage({ id, ...request });
  if (!isRequest(envelope)) throw new TypeError("A request has a method and an id.");
  const posted = await post(connection, envelope, connection.signal);
  if ("refusal" in posted) throw posted.refusal.failure;
  onSession(sessionIdOf(posted.answer.headers["mcp-session-id"]));
  return responseTo(connection, envelope, posted.answer);
}

async function responseTo(
  connection: Connection,
  request: RequestEnvelope,
  answer: Parameters<typeof receive>[2],
): Promise<Message> {
  let response: Message | undefined;
  const onMessage = (envelope: Envelope) => {
    if (!answers(envelope, request.message.id)) return connection.write(envelope);
    response = envelope.message;
  };
  await receive(connection, request, answer, { onMessage, signal: connection.signal });
  return response ?? { id: request.message.id };
}

/** Visible ASCII characters alone, as the protocol says. */
export function sessionIdOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[\x21-\x7e]{1,4096}$/.test(header) ? header : undefined;
}
