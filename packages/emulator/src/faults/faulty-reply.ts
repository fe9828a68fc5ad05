import { isJsonObject, type JsonObject, type Reply } from "../http/message.ts";
import type { ChallengeForm } from "../resource-server/challenges.ts";
import type { Fault } from "./fault.ts";

/** Where the parts of an answer come from that the fault leaves alone. */
export interface ReplySources {
  /** The emulator's own answer. */
  readonly own: () => Reply | Promise<Reply>;
  /** An error in the words of the service that was asked. */
  readonly failure: (status: number | undefined, error: Fault["error"]) => Reply;
  /** The `WWW-Authenticate` header of this form. */
  readonly challenge: (form: ChallengeForm) => string;
}

/** The answer under a fault. The emulator's own is made only if some of it is sent. */
export async function faultyReply(given: Fault, sources: ReplySources): Promise<Reply> {
  const fault = spellOutChallenge(given, sources);
  const reply = await baseReply(fault, sources);
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...lowerCaseNames(fault.headers) },
    body: fault.rewrite === undefined ? reply.body : rewrite(reply.body, fault.rewrite),
  };
}

/** A challenge is a status and a header, unless the fault has others. */
function spellOutChallenge(fault: Fault, { challenge }: ReplySources): Fault {
  if (fault.challenge === undefined) return fault;
  const headers = { "www-authenticate": challenge(fault.challenge), ...lowerCaseNames(fault.headers) };
  return { ...fault, status: fault.status ?? 401, headers };
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
