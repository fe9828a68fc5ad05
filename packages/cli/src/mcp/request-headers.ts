import { type Envelope, isRequest, member, revisionOf } from "./message.ts";
import { encodeHeader, type ToolHeaders } from "./tool-headers.ts";

/** What the proxy knows of a session of the revisions up to 2025-11-25. */
export interface SessionFacts {
  /** `undefined`: the server keeps no sessions, or none has begun. */
  readonly id: string | undefined;
  /** As negotiated by `initialize`. */
  readonly revision: string | undefined;
}

type Headers = Readonly<Record<string, string>>;

/** The headers of every message that is posted. */
const posted: Headers = {
  accept: "application/json, text/event-stream",
  "content-type": "application/json",
};

/**
 * The headers that repeat parts of a message, or name the session, as its revision of MCP wants.
 */
export function headersOf(envelope: Envelope, session: SessionFacts, tools: ToolHeaders): Headers {
  const revision = revisionOf(envelope);
  if (revision === undefined) {
    const isFirst = envelope.message.method === "initialize" && isRequest(envelope);
    return { ...posted, ...(isFirst ? {} : sessionHeaders(session)) };
  }
  const { method = "", params } = envelope.message;
  return {
    ...posted,
    "mcp-protocol-version": revision,
    "mcp-method": method,
    ...nameOf(method, params),
    ...(method === "tools/call" ? tools.of(params) : {}),
  };
}

/** The headers of every request of a session after its first. */
export function sessionHeaders({ id, revision }: SessionFacts): Headers {
  return {
    ...(id === undefined ? {} : { "mcp-session-id": id }),
    ...(revision === undefined ? {} : { "mcp-protocol-version": revision }),
  };
}

function nameOf(method: string, params: unknown): Headers {
  const field = { "tools/call": "name", "prompts/get": "name", "resources/read": "uri" }[method];
  const value = field === undefined ? undefined : member(params, field);
  return typeof value === "string" ? { "mcp-name": encodeHeader(value) } : {};
}
