import type { ConfigurationErrorCode } from "../contract/configuration-error-code.ts";
import type { AuthenticationErrorCode, ErrorCode, OutcomeCode } from "../contract/error-code.ts";
import type { GetTokenOptions } from "../contract/token.ts";
import type { Walk } from "../contract/walk.ts";
import { cleanCause } from "./clean-cause.ts";
import { deniedPermission } from "./denied-permission.ts";
import type { OutcomeOf } from "./outcomes.ts";

/** Marks our errors across copies of this package: compare the property, never `instanceof`. */
export const mark: unique symbol = Symbol.for("@azidentity/error");

/** What Entra (or a host that imitates it) said, in the Azure SDKs' words. */
export interface ErrorResponse {
  /** The OAuth error word, e.g. `invalid_client` (RFC 6749, section 5.2). */
  readonly error: string;
  /** Entra's text about it, for people; empty where there is none. */
  readonly errorDescription: string;
  /** AADSTS numbers, e.g. `7000215`. */
  readonly errorCodes?: readonly number[];
  /** When Entra wrote the response, in its own format, e.g. `2026-01-02 03:04:05Z`. */
  readonly timestamp?: string;
  /** Entra's id of the request, which its support asks for. */
  readonly traceId?: string;
  /** The id under which the request was sent (`client-request-id`). */
  readonly correlationId?: string;
}

/** What an error knows besides its message and its outcome. Every field is optional. */
export interface ErrorDetails {
  /** Stable, kebab-case, documented in docs/errors.md. Default: the outcome. */
  readonly code?: AuthenticationErrorCode;
  /** What to type or change next; becomes the end of the message. */
  readonly remedy?: string;
  /** HTTP status of the response that caused it. */
  readonly statusCode?: number;
  /** The body of that response. */
  readonly errorResponse?: ErrorResponse;
  /** Milliseconds after which it makes sense to ask again. */
  readonly retryAfterMs?: number;
  /**
   * Claims that a user has to satisfy (JSON text), to be passed to the program that can prompt that
   * user.
   */
  readonly claims?: string;
  /** The scopes that were requested, for the program that can prompt the user. */
  readonly scopes?: readonly string[];
  /** The options of the request, for the same program. */
  readonly getTokenOptions?: GetTokenOptions;
  /** The error below this one. It is kept without secrets, and dropped when it is not an error. */
  readonly cause?: unknown;
}

/**
 * The cause without its secrets. `new Error(..., { cause: undefined })` would print an empty cause.
 */
function causeOf(given: unknown): ErrorOptions {
  const cause = isIdentityError(given) ? given : cleanCause(given);
  return cause === undefined ? {} : { cause };
}

/**
 * What all errors have. Where the runtime has refused something for lack of a flag, that flag is
 * the remedy, whatever was tried. The fields are own and enumerable, so that an error can be spread
 * into `ErrorDetails`.
 */
abstract class BaseError extends Error {
  /** The name of the class, also in a minified program and in another copy of this package. */
  abstract override readonly name: string;
  /** Stable, kebab-case, documented in docs/errors.md. */
  readonly code: ErrorCode;
  /** How the attempt ended; decides alone what a chain does then. */
  abstract readonly outcome: OutcomeCode;
  /** What to type or change next; the message ends with it. */
  readonly remedy: string | undefined;
  /** The record of the pass over the chain that ended with this error; absent outside a chain. */
  declare readonly walk?: Walk;

  constructor(message: string, own: ErrorCode, details: Pick<ErrorDetails, "remedy" | "cause"> = {}) {
    const { cause } = details;
    const denied = isIdentityError(cause) ? undefined : deniedPermission(cause); // ours has its code and remedy already
    const { code, remedy } = denied ?? { ...details, code: own };
    super(remedy === undefined ? message : `${message} ${remedy}`, causeOf(cause));
    this.code = code;
    this.remedy = remedy;
  }

  /** Marks it for `isIdentityError`. */
  get [mark](): true {
    return true;
  }
}

/** The error of an attempt that no sign-in of a user would change. */
abstract class AttemptError<Outcome extends OutcomeCode & AuthenticationErrorCode> extends BaseError {
  declare readonly code: AuthenticationErrorCode;
  readonly outcome: Outcome;
  /** HTTP status of the response that said so; 0 when there was none. */
  readonly statusCode: number;
  /** The body of that response, where it has the form of an OAuth error. */
  readonly errorResponse: ErrorResponse | undefined;
  /** Milliseconds after which it makes sense to ask again; set for `throttled`. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, outcome: Outcome, details: ErrorDetails = {}) {
    super(message, details.code ?? outcome, details);
    this.outcome = outcome;
    this.statusCode = details.statusCode ?? 0;
    this.errorResponse = details.errorResponse;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The source cannot work here: a chain may ask the next one. */
export class CredentialUnavailableError extends AttemptError<OutcomeOf<"CredentialUnavailableError">> {
  override readonly name = "CredentialUnavailableError" as const;
}

/** The source was meant to work, and was refused or failed. */
export class AuthenticationError extends AttemptError<OutcomeOf<"AuthenticationError">> {
  override readonly name = "AuthenticationError" as const;
}

/** A user has to sign in, consent, or satisfy `claims`. */
export class AuthenticationRequiredError extends BaseError {
  override readonly name = "AuthenticationRequiredError" as const;
  declare readonly code: AuthenticationErrorCode;
  readonly outcome = "interaction-required" as const;
  /** The scopes to sign in for; empty where the source did not say. */
  readonly scopes: readonly string[];
  /** The options of the request that needs the sign-in. */
  readonly getTokenOptions: GetTokenOptions | undefined;
  /**
   * JSON text of the claims to satisfy, to be passed to `authenticate` or to the user's program.
   */
  readonly claims: string | undefined;
  /** What Entra said, where it was asked. */
  readonly errorResponse: ErrorResponse | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.code ?? "interaction-required", details);
    this.scopes = details.scopes ?? [];
    this.getTokenOptions = details.getTokenOptions;
    this.claims = details.claims;
    this.errorResponse = details.errorResponse;
  }
}

/** No source in the chain returned a token. */
export class AggregateAuthenticationError extends BaseError {
  override readonly name = "AggregateAuthenticationError" as const;
  declare readonly code: "no-credential-available";
  readonly outcome = "not-configured" as const;
  /** The remedy of the likeliest cause; the message has it in its first line. */
  override readonly remedy: string | undefined;
  /** One error per attempt, in order. */
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[], message: string, remedy?: string) {
    super(message, "no-credential-available");
    this.remedy = remedy;
    this.errors = errors;
  }
}

/** The caller aborted, a user cancelled the prompt, or the identity was closed during the call. */
export class AbortError extends BaseError {
  override readonly name = "AbortError" as const;
  declare readonly code: AuthenticationErrorCode;
  readonly outcome = "cancelled" as const;

  constructor(message: string, details: Pick<ErrorDetails, "code" | "remedy" | "cause"> = {}) {
    super(message, details.code ?? "cancelled", details);
  }
}

/** What a `ConfigurationError` knows besides its code and its message. */
export interface ConfigurationErrorDetails extends Pick<ErrorDetails, "remedy" | "cause"> {
  /** The config file, where there is one. */
  readonly file?: string;
  /** The place in the config, e.g. `sources.client-secret.tenantId`. */
  readonly path?: string;
  /** The line in the file, counted from 1. */
  readonly line?: number;
  /** The column in that line, counted from 1. */
  readonly column?: number;
}

/** A config, an argument or a plugin is wrong. Says where, and what would be right. */
export class ConfigurationError extends BaseError {
  override readonly name = "ConfigurationError" as const;
  declare readonly code: ConfigurationErrorCode;
  readonly outcome = "misconfigured" as const;
  /** The config file, where there is one. */
  readonly file: string | undefined;
  /** The place in the config, e.g. `sources.client-secret.tenantId`. */
  readonly path: string | undefined;
  /** The line in the file, counted from 1, where the parser of its format tells it. */
  readonly line: number | undefined;
  /** The column in that line, counted from 1. */
  readonly column: number | undefined;

  constructor(code: ConfigurationErrorCode, message: string, details: ConfigurationErrorDetails = {}) {
    super(message, code, details);
    this.file = details.file;
    this.path = details.path;
    this.line = details.line;
    this.column = details.column;
  }
}

/**
 * Every error that azidentity throws. `switch (error.code)`, `error.outcome` and `error.name`
 * narrow it.
 */
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
