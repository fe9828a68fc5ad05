import { findDuplicate, type JsonObject, parseForm, type ServerRequest } from "../http/message.ts";
import type { Authority } from "./authority.ts";
import type { Tenant } from "./directory.ts";
import { StsError } from "./sts-error.ts";

export interface TokenRequest {
  readonly tenant: Tenant;
  readonly form: URLSearchParams;
  /** The origin by which the client called the authority. */
  readonly origin: string;
}

/** Handles one `grant_type`: returns the token response, or throws an `StsError`. */
export type Grant = (authority: Authority, request: TokenRequest) => Promise<JsonObject>;

/** The form of a token request. Entra treats any other body as one without parameters. */
export function readTokenForm(request: ServerRequest): URLSearchParams {
  const form = parseForm(request) ?? new URLSearchParams();
  const parameter = findDuplicate(form);
  if (parameter !== undefined) throw new StsError(9000411, { parameter });
  return form;
}

/** A parameter with an empty value is treated as omitted (RFC 6749, 3.2). */
export function readField(form: URLSearchParams, parameter: string): string | undefined {
  return form.get(parameter) || undefined;
}

export function requireField(form: URLSearchParams, parameter: string): string {
  const value = readField(form, parameter);
  if (value === undefined) throw new StsError(900144, { parameter });
  return value;
}
