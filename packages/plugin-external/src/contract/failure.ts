import { isIdentityError, type OutcomeCode } from "@azidentity/core/plugin";

/** The version of the contract that this package speaks (docs/exec.md). */
export const contractVersion = 1;

/** How a request without a token ends: one of core's outcomes. A program cannot cancel. */
export type FailureOutcome = Exclude<OutcomeCode, "cancelled">;

/** Why a program gives no token: the member `error` of its document. */
export interface Failure {
  /** One of the codes of the contract, or one of the program's own, in kebab-case. */
  readonly code: string;
  /** How it ended. */
  readonly outcome: FailureOutcome;
  /** One sentence for people, without secrets. */
  readonly message: string;
  /** What to type next. Absent: nothing is known to help. */
  readonly remedy?: string;
  /** Seconds in which no request has to be sent. Absent: unknown. */
  readonly retryAfter?: number;
}

interface FailureKind {
  readonly outcome: FailureOutcome;
  readonly httpStatus: number;
}

/** The codes of the contract. The names of outcomes are codes, too. */
const kinds = {
  "not-configured": { outcome: "not-configured", httpStatus: 424 },
  "not-installed": { outcome: "not-installed", httpStatus: 424 },
  "not-signed-in": { outcome: "not-signed-in", httpStatus: 424 },
  "interaction-required": { outcome: "interaction-required", httpStatus: 424 },
  rejected: { outcome: "rejected", httpStatus: 424 },
  misconfigured: { outcome: "misconfigured", httpStatus: 424 },
  throttled: { outcome: "throttled", httpStatus: 429 },
  failed: { outcome: "failed", httpStatus: 502 },
  unreachable: { outcome: "unreachable", httpStatus: 503 },
  timeout: { outcome: "timeout", httpStatus: 504 },
  "invalid-request": { outcome: "failed", httpStatus: 400 },
  "unsupported-version": { outcome: "failed", httpStatus: 400 },
  unauthorized: { outcome: "misconfigured", httpStatus: 401 },
  "scope-not-allowed": { outcome: "rejected", httpStatus: 403 },
  "tenant-not-allowed": { outcome: "rejected", httpStatus: 403 },
  forbidden: { outcome: "rejected", httpStatus: 403 },
} as const satisfies Readonly<Record<string, FailureKind>>;

/** The codes that the contract defines. */
export type FailureCode = keyof typeof kinds;

const isKnown = (code: string): code is FailureCode => Object.hasOwn(kinds, code);
const isOutcome = (text: unknown): text is FailureOutcome =>
  typeof text === "string" && isKnown(text) && kinds[text].outcome === text;

/**
 * What a code means for a chain: as the document says, else as the contract does, else `failed`.
 */
export function outcomeOfFailure(code: string, said?: unknown): FailureOutcome {
  if (isOutcome(said)) return said;
  return isKnown(code) ? kinds[code].outcome : "failed";
}

/** The HTTP status of a failure, for a server. */
export function httpStatusOf({ code, outcome }: Pick<Failure, "code" | "outcome">): number {
  return kinds[isKnown(code) ? code : outcome].httpStatus;
}

/**
 * A failure of the contract, for programs and servers that refuse a request themselves.
 *
 * @example
 * failure("scope-not-allowed", "This relay gives no tokens for Graph.", "Start it with: azid serve --scope ...");
 */
export function failure(code: FailureCode, message: string, remedy?: string): Failure {
  return { code, outcome: kinds[code].outcome, message, ...(remedy !== undefined && { remedy }) };
}

/**
 * What an error that an identity rejected with is in the contract. Errors of others show no text.
 */
export function failureOf(error: unknown): Failure {
  if (!isIdentityError(error)) return failure("failed", "The token could not be acquired.");
  const { code, outcome, message, remedy } = error;
  const problem =
    remedy !== undefined && message.endsWith(` ${remedy}`) ? message.slice(0, -remedy.length - 1) : message;
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined;
  return {
    code,
    outcome: outcome === "cancelled" ? "failed" : outcome,
    message: problem,
    ...(remedy !== undefined && { remedy }),
    ...(retryAfterMs !== undefined && { retryAfter: Math.ceil(retryAfterMs / 1000) }),
  };
}

/** The document of a failure, for standard output or as the body of a response. */
export function failureDocument({ code, outcome, message, remedy, retryAfter }: Failure): string {
  return JSON.stringify({ version: contractVersion, error: { code, outcome, message, remedy, retryAfter } });
}
