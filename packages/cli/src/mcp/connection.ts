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
  /** Bytes that one message may have, in either direction. */
  readonly maxMessageBytes: number;
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
  /** Called when it has been begun again. */
  onRenewed: () => void;
}

export function createSession(): Session {
  return { id: undefined, revision: undefined, initialize: undefined, renewal: undefined, onRenewed: () => {} };
}

/** 32 MiB: a tool may answer with a file, as base64. */
const defaultMaxMessageBytes = 33_554_432;

type Parts = Omit<Connection, "session" | "tools" | "maxMessageBytes">;

export function createConnection(parts: Parts, maxMessageBytes = defaultMaxMessageBytes): Connection {
  return { ...parts, maxMessageBytes, session: createSession(), tools: createToolHeaders() };
}
