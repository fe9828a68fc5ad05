import { ServerFailure } from "./failure.ts";

/** An event of a stream of server-sent events. */
export interface ServerEvent {
  /** Empty for an event that only sets the id or the time to reconnect. */
  readonly data: string;
  /** The last id that the stream has named so far. */
  readonly id: string | undefined;
  /** Milliseconds to wait before reconnecting; the last value that the stream has named so far. */
  readonly retryMs: number | undefined;
}

interface Fields {
  data: string[];
  id: string | undefined;
  retryMs: number | undefined;
  isEmpty: boolean;
}

/**
 * Reads server-sent events. Source:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @throws {ServerFailure} `mcp-message-too-large`: an event has more than `maxBytes`
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<ServerEvent> {
  const fields: Fields = { data: [], id: undefined, retryMs: undefined, isEmpty: true };
  let size = 0;
  for await (const line of textLines(body, maxBytes)) {
    size += line.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    if (line !== "") readField(fields, line);
    else {
      size = 0;
      if (!fields.isEmpty) yield { data: fields.data.join("\n"), id: fields.id, retryMs: fields.retryMs };
      fields.data = [];
      fields.isEmpty = true;
    }
  }
}

function readField(fields: Fields, line: string): void {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
  fields.isEmpty = false;
  if (name === "data") fields.data.push(value);
  else if (name === "id" && !value.includes("\0")) fields.id = value;
  else if (name === "retry" && /^\d{1,9}$/.test(value)) fields.retryMs = Number(value);
}

/** Lines end with LF, CR, or both. Each chunk is searched once, however long its line becomes. */
async function* textLines(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let size = 0;
  let endedWithReturn = false;
  for await (const chunk of body) {
    const decoded = decoder.decode(chunk, { stream: true });
    const text = endedWithReturn && decoded.startsWith("\n") ? decoded.slice(1) : decoded;
    if (decoded !== "") endedWithReturn = decoded.endsWith("\r");
    const [first = "", ...others] = text.split(/\r\n|\n|\r/);
    parts.push(first);
    size += first.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    const last = others.pop();
    if (last === undefined) continue;
    yield parts.join("");
    yield* others;
    parts = [last];
    size = last.length;
  }
}

/** A message of the server that is longer than allowed. */
export function tooLarge(maxBytes: number): ServerFailure {
  return new ServerFailure(
    "mcp-message-too-large",
    `The server sent a message of more than ${maxBytes / 1_048_576} MiB.`,
    { remedy: "Ask for less at once, such as one page or one file." },
  );
}
