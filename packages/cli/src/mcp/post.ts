import type { Connection } from "./connection.ts";
import { ServerFailure } from "./failure.ts";
import type { Envelope } from "./message.ts";
import { type Refusal, readRefusal } from "./refusal.ts";
import { headersOf } from "./request-headers.ts";
import type { HttpAnswer, HttpRequest } from "./send.ts";

/** A success, whose body is still to be read, or a refusal. */
export type Posted = { readonly answer: HttpAnswer } | { readonly refusal: Refusal };

/** Milliseconds before each further try to connect. */
const connectPausesMs = [250, 1_000, 2_500];

/** Tries again while there is no connection: nothing has been sent then. */
async function sendPatiently(
  { send, sleep }: Connection,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  for (const pauseMs of connectPausesMs) {
    try {
      return await send(request, signal);
    } catch (error) {
      if (!(error instanceof ServerFailure) || error.isSent) throw error;
    }
    await sleep(pauseMs, signal);
  }
  return send(request, signal);
}

/**
 * Posts one message.
 *
 * @throws {ServerFailure} `mcp-unreachable`
 * @throws {IdentityError} there is no token
 * @throws the reason of the signal
 */
export async function post(connection: Connection, envelope: Envelope, signal: AbortSignal): Promise<Posted> {
  const headers = headersOf(envelope, connection.session, connection.tools);
  const request: HttpRequest = { method: "POST", headers, body: envelope.text };
  const answer = await sendPatiently(connection, request, signal);
  const { status } = answer;
  return status >= 200 && status < 300 ? { answer } : { refusal: await readRefusal(answer, connection.host) };
}
