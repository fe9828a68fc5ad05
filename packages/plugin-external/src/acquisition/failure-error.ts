import {
  type AuthenticationErrorCode,
  type IdentityError,
  outcomeError,
  quote,
  quoteInMessage,
  redact,
  type TokenRequest,
} from "@azidentity/core/plugin";
import type { Failure } from "../contract/failure.ts";

/** Letters of a remedy of another program. */
const maxRemedyLength = 140;

export interface FailureContext {
  /** Begins the message: the source, and what it asked. */
  readonly label: string;
  readonly request: Pick<TokenRequest, "claims" | "scopes">;
  /** What must not show in a message. */
  readonly secrets: readonly string[];
  /** HTTP status of the response. Default: none, the program was run. */
  readonly statusCode?: number;
  /** The remedy where the program says none. */
  readonly remedy: string;
}

/** Codes of the contract that have one of their own here. */
const codes: Readonly<Record<string, AuthenticationErrorCode>> = { unauthorized: "key-refused" };

/** What another program says to do next, in one line and without quotation marks. */
function remedyOf(text: string, secrets: readonly string[]): string {
  return quote(redact(text, 2048, secrets), maxRemedyLength).slice(1, -1);
}

/**
 * The error for a failure that a program or a server has reported, in its words, without secrets.
 */
export function failureError(
  { code, outcome, message, remedy: own, retryAfter }: Failure,
  { label, request, secrets, statusCode, remedy: otherwise }: FailureContext,
): IdentityError {
  const said = own === undefined ? "" : remedyOf(own, secrets);
  const remedy = said === "" ? otherwise : said;
  const start = `${label} reported ${code}`;
  const text = redact(message, 2048, secrets);
  const problem = text.trim() === "" ? `${start}.` : quoteInMessage(`${start}: `, text, remedy);
  const { claims, scopes } = request;
  return outcomeError(outcome, problem, {
    ...(Object.hasOwn(codes, code) && { code: codes[code] }),
    remedy,
    statusCode,
    retryAfterMs: retryAfter === undefined ? undefined : retryAfter * 1000,
    ...(outcome === "interaction-required" && { claims, scopes }),
  });
}
