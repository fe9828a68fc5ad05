import type { OutcomeCode } from "../contract/outcome.ts";
import type { GetTokenOptions } from "../contract/token.ts";
import type { Walk } from "../contract/walk.ts";
import { cleanCause } from "./clean-cause.ts";

/** Marks our errors across copies of this package: compare the property, never `instanceof`. */
export const mark: unique symbol = Symbol.for("@azidentity/error");

/** What Entra (or a host that imitates it) said, in the Azure SDKs' words. */
export interface ErrorResponse {
  readonly error: string;
  readonly errorDescription: string;
  /** AADSTS numbers. */
  readonly errorCodes?: readonly number[];
  readonly timestamp?: string;
  readonly traceId?: string;
  readonly correlationId?: string;
}

export interface ErrorDetails {
  /** Stable, kebab-case, documented in docs/errors.md. Default: the outcome. */
  readonly code?: string;
  /** What to type or change next; becomes the end of the message. */
  readonly remedy?: string;
  /** HTTP status of the answer that caused it. */
  readonly statusCode?: number;
  readonly errorResponse?: ErrorResponse;
  /** Milliseconds after which it makes sense to ask again. */
  readonly retryAfterMs?: number;
  /** Claims that a user has to satisfy (JSON text), to be passed to the program that can prompt that user. */
  readonly claims?: string;
  readonly scopes?: readonly string[];
  readonly getTokenOptions?: GetTokenOptions;
  readonly cause?: unknown;
}

/** The cause, without its secrets and only where it is an error. `new Error(..., { cause: undefined })` would show an empty cause. */
function causeOf(details: Pick<ErrorDetails, "cause">): ErrorOptions {
  const cause = isIdentityError(details.cause) ? details.cause : cleanCause(details.cause);
  return cause === undefined ? {} : { cause };
}

function compose(message: string, remedy: string | undefined): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

/** The source cannot work here: a chain may ask the next one. */
export class CredentialUnavailableError extends Error {
  override readonly name: string = "CredentialUnavailableError";
  readonly code: string;
  readonly outcome: OutcomeCode;
  readonly remedy: string | undefined;
  /** HTTP status of the answer that said so; 0 when there was none. */
  readonly statusCode: number;
  readonly errorResponse: ErrorResponse | undefined;
  readonly retryAfterMs: number | undefined;
  declare walk?: Walk;
  constructor(message: string, outcome: OutcomeCode, details: ErrorDetails = {}) {
    super(compose(message, details.remedy), causeOf(details));
    this.outcome = outcome;
    this.code = details.code ?? outcome;
    this.remedy = details.remedy;
    this.statusCode = details.statusCode ?? 0;
    this.errorResponse = details.errorResponse;
    this.retryAfterMs = details.retryAfterMs;
  }
  get [mark](): true {
    return true;
  }
}

/** The source was meant to work and was refused, or failed. */
export class AuthenticationError extends Error {
  override readonly name: string = "AuthenticationError";
  readonly code: string;
  readonly outcome: OutcomeCode;
  readonly remedy: string | undefined;
  /** HTTP status of the answer; 0 when there was none. */
  readonly statusCode: number;
  readonly errorResponse: ErrorResponse | undefined;
  readonly retryAfterMs: number | undefined;
  declare walk?: Walk;
  constructor(message: string, outcome: OutcomeCode, details: ErrorDetails = {}) {
    super(compose(message, details.remedy), causeOf(details));
    this.outcome = outcome;
    this.code = details.code ?? outcome;
    this.remedy = details.remedy;
    this.statusCode = details.statusCode ?? 0;
    this.errorResponse = details.errorResponse;
    this.retryAfterMs = details.retryAfterMs;
  }
  get [mark](): true {
    return true;
  }
}

/** A person has to sign in, consent, or satisfy `claims`. */
export class AuthenticationRequiredError extends Error {
  override readonly name: string = "AuthenticationRequiredError";
  readonly code: string;
  readonly outcome: OutcomeCode = "interaction-required";
  readonly remedy: string | undefined;
  readonly scopes: readonly string[];
  readonly getTokenOptions: GetTokenOptions | undefined;
  readonly claims: string | undefined;
  readonly errorResponse: ErrorResponse | undefined;
  declare walk?: Walk;
  constructor(message: string, details: ErrorDetails = {}) {
    super(compose(message, details.remedy), causeOf(details));
    this.code = details.code ?? "interaction-required";
    this.remedy = details.remedy;
    this.scopes = details.scopes ?? [];
    this.getTokenOptions = details.getTokenOptions;
    this.claims = details.claims;
    this.errorResponse = details.errorResponse;
  }
  get [mark](): true {
    return true;
  }
}

/** No source in the chain returned a token. `errors` has one entry per attempt, in order. */
export class AggregateAuthenticationError extends Error {
  override readonly name: string = "AggregateAuthenticationError";
  readonly code: string = "no-credential-available";
  readonly outcome: OutcomeCode = "not-configured";
  /** That of the likeliest cause. */
  readonly remedy: string | undefined;
  readonly errors: readonly unknown[];
  declare walk?: Walk;
  constructor(errors: readonly unknown[], message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
    this.errors = errors;
  }
  get [mark](): true {
    return true;
  }
}

/** The caller gave up, or the identity was closed while a caller waited. */
export class AbortError extends Error {
  override readonly name: string = "AbortError";
  readonly code: string;
  readonly outcome: OutcomeCode = "cancelled";
  readonly remedy: string | undefined;
  declare walk?: Walk;
  constructor(message: string, details: Pick<ErrorDetails, "code" | "remedy" | "cause"> = {}) {
    super(compose(message, details.remedy), causeOf(details));
    this.code = details.code ?? "cancelled";
    this.remedy = details.remedy;
  }
  get [mark](): true {
    return true;
  }
}

/** A config, an argument or a plugin is wrong. Says where, and what would be right. */
export class ConfigurationError extends Error {
  override readonly name: string = "ConfigurationError";
  readonly code: string;
  readonly outcome: OutcomeCode = "misconfigured";
  readonly remedy: string | undefined;
  /** The config file, where there is one. */
  readonly file: string | undefined;
  /** Where in it, e.g. `sources.client-secret.tenantid`. */
  readonly path: string | undefined;
  constructor(
    code: string,
    message: string,
    details: Pick<ErrorDetails, "remedy" | "cause"> & { readonly file?: string; readonly path?: string } = {},
  ) {
    super(compose(message, details.remedy), causeOf(details));
    this.code = code;
    this.remedy = details.remedy;
    this.file = details.file;
    this.path = details.path;
  }
  get [mark](): true {
    return true;
  }
}

export type IdentityError =
  | CredentialUnavailableError
  | AuthenticationError
  | AuthenticationRequiredError
  | AggregateAuthenticationError
  | AbortError
  | ConfigurationError;

/** Whether an error is one of ours, from whichever copy of this package. */
export function isIdentityError(error: unknown): error is IdentityError {
  return typeof error === "object" && error !== null && (error as { [mark]?: unknown })[mark] === true;
}
