import { isJsonObject, type JsonObject, type Reply, type ServerRequest } from "../http/message.ts";
import type { ServiceName } from "../service-names.ts";
import type { Fault } from "./fault.ts";

/**
 * The responses to faults that not every service supports. A fault that is not supported has a
 * response with status 500.
 */
export interface Capabilities {
  /** An AADSTS error response. */
  readonly stsError?: (code: NonNullable<Fault["error"]>, request: ServerRequest) => Reply;
  /** The `WWW-Authenticate` header in this format; `undefined` for a format of another service. */
  readonly challenge?: (format: NonNullable<Fault["challenge"]>) => string | Promise<string> | undefined;
  /** The fields with the expiry of the token in `body`, in this format. */
  readonly expiry?: (format: NonNullable<Fault["expiry"]>, body: JsonObject) => JsonObject;
  /** The same token with other claims. */
  readonly resign?: (token: string, claims: JsonObject) => Promise<string>;
}

/** The sources of the parts of a response that the fault does not replace. */
export interface ReplySources extends Capabilities {
  readonly service: ServiceName;
  readonly request: ServerRequest;
  /** The response without a fault. */
  readonly own: () => Reply | Promise<Reply>;
  /** The error response of the service with this HTTP status. */
  readonly failure: (status: number) => Reply;
}

/**
 * The response to a request that a fault applies to. `own` is called only if a part of it is sent.
 */
export async function faultyReply(original: Fault, sources: ReplySources): Promise<Reply> {
  const fault = await withChallengeHeader(original, sources);
  const reply = await baseReply(fault, sources);
  const { expiry, claims } = fault;
  const withExpiry = expiry ? rewrite(reply.body, (own) => formatExpiry(expiry, own, sources)) : reply.body;
  const body = claims ? await changeTokens(withExpiry, claims, sources) : withExpiry;
  return {
    status: fault.status ?? reply.status,
    headers: { ...reply.headers, ...lowerCaseNames(fault.headers) },
    body: fault.rewrite === undefined ? body : rewrite(body, () => fault.rewrite),
  };
}

/** Converts a challenge to a status and a header. */
async function withChallengeHeader(fault: Fault, { service, challenge }: ReplySources): Promise<Fault> {
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
  if (stsError === undefined)
    throw new TypeError(`The service "${service}" has no AADSTS errors; \`error\` is for Entra.`);
  return stsError(code, request);
}

function formatExpiry(
  format: NonNullable<Fault["expiry"]>,
  body: JsonObject,
  { service, expiry }: ReplySources,
): JsonObject {
  if (expiry === undefined) {
    throw new TypeError(
      `The service "${service}" has one format of expiry; \`expiry\` is for the managed-identity hosts.`,
    );
  }
  return expiry(format, body);
}

function contentType(body: NonNullable<Fault["body"]>): Record<string, string> {
  if (isJsonObject(body)) return {};
  return {
    "content-type":
      typeof body === "string" && /^\s*</.test(body) ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
  };
}

function rewrite(body: Reply["body"], fields: (own: JsonObject) => JsonObject | undefined): JsonObject {
  if (!isJsonObject(body)) throw new TypeError("The fault cannot rewrite the response, because its body is not JSON.");
  return { ...body, ...fields(body) };
}

async function changeTokens(
  body: Reply["body"],
  claims: NonNullable<Fault["claims"]>,
  { service, resign }: ReplySources,
): Promise<JsonObject> {
  if (resign === undefined) {
    throw new TypeError(`The service "${service}" cannot sign tokens; \`claims\` is for Entra.`);
  }
  const own = rewrite(body, () => undefined);
  const changed: Record<string, string> = {};
  for (const [field, values] of Object.entries(claims)) {
    const token = own[field];
    if (typeof token !== "string")
      throw new TypeError(`The fault cannot change the claims of ${field}, because the response has no ${field}.`);
    changed[field] = await resign(token, values);
  }
  return { ...own, ...changed };
}

function lowerCaseNames(headers: Fault["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
