import { isJsonObject, type JsonObject, type Reply } from "../http/message.ts";
import type { Fault } from "./fault.ts";

/** Where the parts of an answer come from that the fault leaves alone. */
export interface ReplySources {
  /** The emulator's own answer. */
  readonly own: () => Reply | Promise<Reply>;
  /** An error in the words of the service that was asked. */
  readonly failure: (status: number | undefined, error: Fault["error"]) => Reply;
  /** The `WWW-Authenticate` header of this form. */
  readonly challenge: (form: NonNullable<Fault["challenge"]>) => string | Promise<string>;
  /** The fields that tell the lifetime of the token in `body`, in this form. */
  readonly expiry: (form: NonNullable<Fault["expiry"]>, body: JsonObject) => JsonObject;
  /** The same token with other claims. */
  readonly resign?: ((token: string, claims: JsonObject) => Promise<string>) | undefined;
}

/** The answer under a fault. The emulator's own is made only if some of it is sent. */
export async function faultyReply(given: Fault, sources: ReplySources): Promise<Reply> {
  const fault = await spellOutChallenge(given, sources);
  const reply = await baseReply(fault, sources);
  const { expiry, claims } = fault;
  const timed = expiry ? rewrite(reply.body, (own) => sources.expiry(expiry, own)) : reply.body;
  const body = claims ? await changeTokens(timed, claims, sources) : timed;
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...lowerCaseNames(fault.headers) },
    body: fault.rewrite === undefined ? body : rewrite(body, () => fault.rewrite),
  };
}

/** A challenge is a status and a header, unless the fault has others. */
async function spellOutChallenge(fault: Fault, { challenge }: ReplySources): Promise<Fault> {
  if (fault.challenge === undefined) return fault;
  const headers = { "www-authenticate": await challenge(fault.challenge), ...lowerCaseNames(fault.headers) };
  return { ...fault, status: fault.status ?? 401, headers };
}

function baseReply(fault: Fault, sources: ReplySources): Reply | Promise<Reply> {
  const { body, error, status } = fault;
  if (body !== undefined) return { status: 200, headers: contentType(body), body };
  if (error !== undefined || (status !== undefined && status >= 400)) return sources.failure(status, error);
  if (status !== undefined && status >= 300) return { status };
  return sources.own();
}

function contentType(body: NonNullable<Fault["body"]>): Record<string, string> {
  if (isJsonObject(body)) return {};
  return {
    "content-type":
      typeof body === "string" && /^\s*</.test(body) ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
  };
}

function rewrite(body: Reply["body"], fields: (own: JsonObject) => JsonObject | undefined): JsonObject {
  if (!isJsonObject(body)) throw new TypeError("A fault can rewrite JSON answers only, and this is none.");
  return { ...body, ...fields(body) };
}

async function changeTokens(
  body: Reply["body"],
  claims: NonNullable<Fault["claims"]>,
  { resign }: ReplySources,
): Promise<JsonObject> {
  if (resign === undefined) throw new TypeError("A fault can change the claims of Entra's tokens only.");
  const own = rewrite(body, () => undefined);
  const changed: Record<string, string> = {};
  for (const [field, values] of Object.entries(claims)) {
    const token = own[field];
    if (typeof token !== "string") throw new TypeError(`A fault changes claims of ${field}, and there is no ${field}.`);
    changed[field] = await resign(token, values);
  }
  return { ...own, ...changed };
}

function lowerCaseNames(headers: Fault["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
