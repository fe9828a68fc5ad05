import type { Envelope } from "./message.ts";
import type { SessionFacts } from "./request-headers.ts";
import type { Send } from "./send.ts";
import { createToolHeaders, type ToolHeaders } from "./tool-headers.ts";

/** What one proxy has to talk to its server. */
export interface Connection {
  /** Host and port of the server, for messages. */
  readonly host: string;
  /** Sends a request with a token. */
  readonly send: Send;
  /** The session of revisions up to 2025-11-25. */
  readonly session: Session;
  readonly tools: ToolHeaders;
  /** Gives a message of the server to the client. */
  readonly write: (envelope: Envelope) => Promise<void>;
  /** Tells the user something, outside of the protocol. */
  readonly notice: (text: string) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends with the proxy. */
  readonly signal: AbortSignal;
}

export interface Session extends SessionFacts {
  id: string | undefined;
  revision: string | undefined;
  /** The request that has begun it. */
  initialize: Envelope | undefined;
  /** Under way, when the server has lost the session. */
  renewal: Promise<void> | undefined;
}

export function createSession(): Session {
  return { id: undefined, revision: undefined, initialize: undefined, renewal: undefined };
}

export function createConnection(parts: Omit<Connection, "session" | "tools">): Connection {
  return { ...parts, session: createSession(), tools: createToolHeaders() };
}

/** Bytes of one message, in either direction: a tool may answer with a file, as base64. */
export const maxMessageBytes = 33_554_432;
