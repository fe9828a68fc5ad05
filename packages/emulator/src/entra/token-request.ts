import { findDuplicate, type JsonObject, parseForm, type ServerRequest } from "../http/message.ts";
import type { Authority } from "./authority.ts";
import type { Tenant } from "./directory.ts";
import { StsError } from "./sts-error.ts";

export interface TokenRequest {
  readonly tenant: Tenant;
  readonly form: URLSearchParams;
  /** What the client called the authority. */
  readonly origin: string;
}

/** Answers one `grant_type`: the body of the token response, or an `StsError` thrown. */
export type Grant = (authority: Authority, request: TokenRequest) => Promise<JsonObject>;

/** The form of a token request. Any other body is, to Entra, one without parameters. */
export function readTokenForm(request: ServerRequest): URLSearchParams {
  const form = parseForm(request) ?? new URLSearchParams();
  const parameter = findDuplicate(form);
  if (parameter !== undefined) throw new StsError(9000411, { parameter });
  return form;
}

/** A parameter without a value counts as left out (RFC 6749, 3.2). */
export function readField(form: URLSearchParams, parameter: string): string | undefined {
  return form.get(parameter) || undefined;
}

export function requireField(form: URLSearchParams, parameter: string): string {
  const value = readField(form, parameter);
  if (value === undefined) throw new StsError(900144, { parameter });
  return value;
}
