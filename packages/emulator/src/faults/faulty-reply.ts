import { isJsonObject, type JsonObject, type Reply } from "../http/message.ts";
import type { Fault } from "./fault.ts";

/** Where the parts of an answer come from that the fault leaves alone. */
export interface ReplySources {
  /** The emulator's own answer. */
  readonly own: () => Reply | Promise<Reply>;
  /** An error in the words of the service that was asked. */
  readonly failure: (status: number | undefined, error: Fault["error"]) => Reply;
}

/** The answer under a fault. The emulator's own is made only if some of it is sent. */
export async function faultyReply(fault: Fault, sources: ReplySources): Promise<Reply> {
  const reply = await baseReply(fault, sources);
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...lowerCaseNames(fault.headers) },
    body: fault.rewrite === undefined ? reply.body : rewrite(reply.body, fault.rewrite),
  };
}

function baseReply(fault: Fault, sources: ReplySources): Reply | Promise<Reply> {
  const { body, error, status } = fault;
  if (body !== undefined) return { status: 200, headers: contentType(body), body };
  if (error !== undefined || (status !== undefined && status >= 400)) return sources.failure(status, error);
  if (status !== undefined && status >= 300) return { status };
  return sources.own();
}

function contentType(body: string | JsonObject): Record<string, string> {
  if (typeof body !== "string") return {};
  return { "content-type": /^\s*</.test(body) ? "text/html; charset=utf-8" : "application/json; charset=utf-8" };
}

function rewrite(body: Reply["body"], fields: JsonObject): JsonObject {
  if (!isJsonObject(body)) throw new TypeError("A fault can rewrite JSON answers only, and this is none.");
  return { ...body, ...fields };
}

function lowerCaseNames(headers: Fault["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
