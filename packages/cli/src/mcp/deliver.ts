import { ask, ownMessage } from "./ask.ts";
import type { Connection } from "./connection.ts";
import { type Envelope, isObject, isRequest, member, revisionOf } from "./message.ts";
import { type Posted, post } from "./post.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Posts a message, and once more when the server has lost the session, or wants parameters of a
 * tool in headers that the proxy does not know yet. In both cases the server has not acted on it.
 */
export async function deliver(connection: Connection, envelope: Envelope, signal: AbortSignal): Promise<Posted> {
  const { session } = connection;
  if (session.renewal !== undefined) await session.renewal;
  const usedId = session.id;
  const posted = await post(connection, envelope, signal);
  if (!("refusal" in posted)) return posted;
  if (isSessionLost(posted.refusal, connection, envelope)) await renew(connection, usedId);
  else if (isHeaderMismatch(posted.refusal, envelope)) await learnTools(connection, envelope);
  else return posted;
  return post(connection, envelope, signal);
}

/**
 * A session that has ended is answered with 404 (revision 2025-11-25, "Session Management"). Many
 * servers that were started again answer with 400 and a text about the session instead.
 */
function isSessionLost({ status, error }: Refusal, { session }: Connection, envelope: Envelope): boolean {
  if (session.id === undefined || session.initialize === undefined) return false;
  if (revisionOf(envelope) !== undefined || envelope.message.method === "initialize") return false;
  if (status === 404) return true;
  return status === 400 && error !== undefined && /session|not initialized/i.test(error.message);
}

/**
 * Begins the session again as the client began it. All messages that find it lost share one
 * renewal.
 */
async function renew(connection: Connection, lostId: string | undefined): Promise<void> {
  const { session } = connection;
  if (session.id !== lostId) return;
  session.renewal ??= begin(connection).finally(() => {
    session.renewal = undefined;
  });
  await session.renewal;
}

async function begin(connection: Connection): Promise<void> {
  const { session } = connection;
  connection.notice("The server has lost the session; azid begins it again.");
  const params = session.initialize?.message.params;
  const response = await ask(connection, { method: "initialize", params }, (id) => {
    session.id = id;
  });
  learnRevision(connection, response.result);
  await post(connection, ownMessage({ method: "notifications/initialized" }), connection.signal);
  session.onRenewed();
}

/** Notes the revision that a response to `initialize` names. */
export function learnRevision({ session }: Connection, result: unknown): void {
  const revision = member(result, "protocolVersion");
  if (typeof revision === "string" && /^[\x21-\x7e]{1,64}$/.test(revision)) session.revision = revision;
}

/** `HeaderMismatch` of revision 2026-07-28. */
function isHeaderMismatch({ error }: Refusal, envelope: Envelope): boolean {
  return error?.code === -32_020 && envelope.message.method === "tools/call" && isRequest(envelope);
}

const maxPages = 100;

/** Lists the tools as the client would, with its own `_meta`. */
async function learnTools(connection: Connection, { message }: Envelope): Promise<void> {
  const meta = member(message.params, "_meta");
  let cursor: unknown;
  for (let page = 0; page < maxPages; page++) {
    const params = { _meta: meta, ...(cursor === undefined ? {} : { cursor }) };
    const { result } = await ask(connection, { method: "tools/list", params });
    connection.tools.learn(result);
    cursor = isObject(result) ? result.nextCursor : undefined;
    if (typeof cursor !== "string") return;
  }
}
