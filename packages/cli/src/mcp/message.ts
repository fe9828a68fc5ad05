/**
 * JSON-RPC messages of the Model Context Protocol. Source: https://www.jsonrpc.org/specification
 */
export type RequestId = string | number;

/** A request, a notification, or a response, as far as the proxy looks into it. */
export interface Message {
  readonly id?: RequestId | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/**
 * A message with its text, which is passed on as it is: numbers that JavaScript rounds stay exact.
 */
export interface Envelope {
  readonly text: string;
  readonly message: Message;
}

export interface RequestEnvelope extends Envelope {
  readonly message: Message & { readonly id: RequestId; readonly method: string };
}

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of an object; `undefined` for everything else. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const isId = (value: unknown): value is RequestId => typeof value === "string" || typeof value === "number";

function isMessage(value: unknown): value is Message {
  if (!isObject(value) || value.jsonrpc !== "2.0") return false;
  if (typeof value.method === "string") return value.id === undefined || isId(value.id);
  return Object.hasOwn(value, "result") ? isId(value.id) : isObject(value.error);
}

/**
 * The messages of a JSON text: one, or those of a batch, which only revision 2025-03-26 had.
 * `undefined`: the text is not JSON, or not JSON-RPC.
 */
export function readMessages(text: string): readonly Envelope[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isMessage(value)) return [{ text, message: value }];
  if (!Array.isArray(value) || value.length === 0 || !value.every(isMessage)) return undefined;
  return value.map((message) => ({ text: JSON.stringify(message), message }));
}

export function isRequest(envelope: Envelope): envelope is RequestEnvelope {
  return typeof envelope.message.method === "string" && isId(envelope.message.id);
}

/** Whether it answers the request with this id. */
export function answers({ message }: Envelope, id: RequestId): boolean {
  return message.method === undefined && message.id === id;
}

/**
 * One line for a stream whose messages end with line breaks. A raw line break is never inside a
 * JSON string.
 */
export function toLine(text: string): string {
  return `${text.trim().replace(/[\r\n]+/g, " ")}\n`;
}

/** The protocol revision that a request names itself, from 2026-07-28 on. */
export function revisionOf({ message }: Envelope): string | undefined {
  const revision = member(member(message.params, "_meta"), "io.modelcontextprotocol/protocolVersion");
  return typeof revision === "string" ? revision : undefined;
}
