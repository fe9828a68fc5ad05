import type { GetTokenOptions } from "../types/token.ts";
import { type ErrorResponse, readErrorBody } from "./error-body.ts";
import { recognize } from "./recognize.ts";

/** `name` of a {@link CredentialUnavailableError}. */
export const CredentialUnavailableErrorName = "CredentialUnavailableError";

/** The credential cannot work here; a chain asks the next one. */
export class CredentialUnavailableError extends Error {
  static {
    recognize(CredentialUnavailableError, CredentialUnavailableErrorName, {});
  }

  constructor(message?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = CredentialUnavailableErrorName;
  }
}

/** `name` of an {@link AuthenticationError}. */
export const AuthenticationErrorName = "AuthenticationError";

/** Entra or a host refused a request. */
export class AuthenticationError extends Error {
  static {
    recognize(AuthenticationError, AuthenticationErrorName, { statusCode: "number", errorResponse: "object" });
  }

  /** HTTP status of the response; 0: there was none. */
  readonly statusCode: number;
  /** What the response said. */
  readonly errorResponse: ErrorResponse;

  constructor(
    statusCode: number,
    errorBody: object | string | undefined | null,
    options?: {
      /** The error below this one. */
      cause?: unknown;
    },
  ) {
    const response = readErrorBody(statusCode, errorBody);
    // the format in which the Azure SDKs and programs that read their messages expect it
    super(`${response.error} Status code: ${statusCode}\nMore details:\n${response.errorDescription},`, options);
    this.statusCode = statusCode;
    this.errorResponse = response;
    this.name = AuthenticationErrorName;
  }
}

/** `name` of an {@link AggregateAuthenticationError}. */
export const AggregateAuthenticationErrorName = "AggregateAuthenticationError";

/** No credential of a chain returned a token. */
export class AggregateAuthenticationError extends Error {
  static {
    recognize(AggregateAuthenticationError, AggregateAuthenticationErrorName, { errors: "object" });
  }

  /** One error per credential, in their order. */
  // biome-ignore lint/suspicious/noExplicitAny: credentials can throw anything
  errors: any[];

  // biome-ignore lint/suspicious/noExplicitAny: credentials can throw anything
  constructor(errors: any[], errorMessage?: string) {
    super(`${errorMessage}\n${errors.join("\n")}`);
    this.errors = errors;
    this.name = AggregateAuthenticationErrorName;
  }
}

/** What an {@link AuthenticationRequiredError} is made of. */
export interface AuthenticationRequiredErrorOptions {
  /** The scopes that were requested. */
  scopes: string[];
  /** The options of that request. */
  getTokenOptions?: GetTokenOptions;
  /** What happened. */
  message?: string;
  /** The error below this one. */
  cause?: unknown;
}

/**
 * There is no token without a new sign-in. Also the error of an application that Entra refused, as
 * in `@azure/identity`.
 */
export class AuthenticationRequiredError extends Error {
  static {
    recognize(AuthenticationRequiredError, "AuthenticationRequiredError", { scopes: "object" });
  }

  /** The scopes to sign in for. */
  scopes: string[];
  /** The options of the request that needs the sign-in. */
  getTokenOptions?: GetTokenOptions;

  constructor(options: AuthenticationRequiredErrorOptions) {
    super(options.message, options.cause ? { cause: options.cause } : undefined);
    this.scopes = options.scopes;
    this.getTokenOptions = options.getTokenOptions;
    this.name = "AuthenticationRequiredError";
  }
}
