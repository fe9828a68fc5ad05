import type { Connection } from "./connection.ts";
import { explain, ServerFailure } from "./failure.ts";
import { isStream, openStream, pauseBefore, readStream, type StreamPosition } from "./receive.ts";

/**
 * Reads what the server sends unasked, in revisions up to 2025-11-25, until the session or the
 * proxy ends. A stream that breaks off is opened again. Servers that have no such stream answer
 * with 405.
 */
export async function listen(connection: Connection, signal: AbortSignal): Promise<void> {
  const position: StreamPosition = { events: 0, isAnswered: false };
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const answer = await openStream(connection, position.lastEventId, signal);
      if (answer.status !== 200 || !isStream(answer)) {
        answer.body.destroy();
        return;
      }
      await readStream(answer, position, { maxBytes: connection.maxMessageBytes, onMessage: connection.write });
      if (position.events > 0) attempt = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServerFailure && error.code === "mcp-unreachable")) {
        connection.notice(`Messages that the server sends unasked are not read any more: ${explain(error).message}`);
        return;
      }
    }
    const isOver = await connection.sleep(position.retryMs ?? pauseBefore(attempt), signal).then(
      () => false,
      () => true,
    );
    if (isOver) return;
  }
}
