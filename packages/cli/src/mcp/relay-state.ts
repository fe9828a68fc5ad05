import { ownMessage } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { explain, failureMessage } from "./failure.ts";
import type { RequestId } from "./message.ts";

/** What a client has asked and is not answered yet. */
export interface Pending {
  readonly controller: AbortController;
  readonly isModern: boolean;
  /** Is answered when the subscription ends. */
  readonly isSubscription: boolean;
  readonly done: Promise<void>;
}

export interface RelayState {
  readonly connection: Connection;
  readonly pending: Map<RequestId, Pending>;
  /** Ends when the server has taken every notification and response that the client sent so far. */
  accepted: Promise<void>;
  /** Ends the stream of messages that the server sends unasked. */
  listening: AbortController | undefined;
}

/** Reports a failure: to the user, and to the client as the response to its request. */
export async function fail(
  { connection, pending }: RelayState,
  id: RequestId | undefined,
  error: unknown,
): Promise<void> {
  if (id !== undefined) pending.delete(id);
  const { message, remedy = "" } = explain(error);
  connection.notice(`${message} ${remedy}`);
  await connection.write(ownMessage(failureMessage(id, error)));
}
