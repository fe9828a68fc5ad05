import { isJsonObject, type JsonObject, type Reply, type ServerRequest } from "../http/message.ts";
import type { ServiceName } from "../service-names.ts";
import type { Fault } from "./fault.ts";

/** The responses to a fault that only some services have. A fault that needs a missing one is answered by status 500. */
export interface Capabilities {
  /** An AADSTS error response. */
  readonly stsError?: (code: NonNullable<Fault["error"]>, request: ServerRequest) => Reply;
  /** The `WWW-Authenticate` header of this form; `undefined` for a form of another service. */
  readonly challenge?: (form: NonNullable<Fault["challenge"]>) => string | Promise<string> | undefined;
  /** The fields that carry the lifetime of the token in `body`, in this form. */
  readonly expiry?: (form: NonNullable<Fault["expiry"]>, body: JsonObject) => JsonObject;
  /** The same token with other claims. */
  readonly resign?: (token: string, claims: JsonObject) => Promise<string>;
}

/** The sources of those parts of a response that the fault does not replace. */
export interface ReplySources extends Capabilities {
  readonly service: ServiceName;
  readonly request: ServerRequest;
  /** The response without a fault. */
  readonly own: () => Reply | Promise<Reply>;
  /** The error response of the service with this HTTP status. */
  readonly failure: (status: number) => Reply;
}

/** The answer under a fault. The emulator's own is made only if some of it is sent. */
export async function faultyReply(given: Fault, sources: ReplySources): Promise<Reply> {
  const fault = await spellOutChallenge(given, sources);
  const reply = await baseReply(fault, sources);
  const { expiry, claims } = fault;
  const timed = expiry ? rewrite(reply.body, (own) => formatExpiry(expiry, own, sources)) : reply.body;
  const body = claims ? await changeTokens(timed, claims, sources) : timed;
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...lowerCaseNames(fault.headers) },
    body: fault.rewrite === undefined ? body : rewrite(body, () => fault.rewrite),
  };
}

/** A challenge is a status and a header, unless the fault has others. */
async function spellOutChallenge(fault: Fault, { service, challenge }: ReplySources): Promise<Fault> {
  if (fault.challenge === undefined) return fault;
  const header = await challenge?.(fault.challenge);
  if (header === undefined) throw new TypeError(`The service "${service}" has no challenge "${fault.challenge}".`);
  const headers = { "www-authenticate": header, ...lowerCaseNames(fault.headers) };
  return { ...fault, status: fault.status ?? 401, headers };
}

function baseReply(fault: Fault, sources: ReplySources): Reply | Promise<Reply> {
  const { body, error, status } = fault;
  if (body !== undefined) return { status: 200, headers: contentType(body), body };
  if (error !== undefined) return stsErrorReply(error, sources);
  if (status !== undefined && status >= 400) return sources.failure(status);
  if (status !== undefined && status >= 300) return { status };
  return sources.own();
}

function stsErrorReply(code: NonNullable<Fault["error"]>, { service, request, stsError }: ReplySources): Reply {
  if (stsError === undefined) throw new TypeError(`The service "${service}" has no AADSTS errors; Entra has.`);
  return stsError(code, request);
}

function formatExpiry(
  form: NonNullable<Fault["expiry"]>,
  body: JsonObject,
  { service, expiry }: ReplySources,
): JsonObject {
  if (expiry === undefined) {
    throw new TypeError(`The service "${service}" has one form of expiry; the managed-identity hosts have more.`);
  }
  return expiry(form, body);
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
  { service, resign }: ReplySources,
): Promise<JsonObject> {
  if (resign === undefined) {
    throw new TypeError(`The service "${service}" cannot change the claims of a token; Entra can.`);
  }
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
