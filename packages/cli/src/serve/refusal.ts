import { type FailureCode, type FailureOutcome, failure, httpStatusOf } from "@azidentity/plugin-external/contract";

interface Row {
  /** What it is in the exec contract (docs/exec.md), which has its outcome and its status. */
  readonly kind: FailureCode;
  /** Code, if that is one of the relay's own. */
  readonly code?: string;
  /** HTTP status, if that says more. */
  readonly status?: number;
  /** Whether it is found before the key: the request may come from any program. */
  readonly isBeforeKey?: true;
}

const foreign: Row = { kind: "forbidden", isBeforeKey: true };
const unauthorized: Row = { kind: "unauthorized", isBeforeKey: true };

/**
 * One row for each reason why a request gets no token: those of the relay, then those of its
 * identity.
 */
const rows = {
  "foreign-address": foreign,
  "foreign-host": foreign,
  "from-browser": foreign,
  "unknown-path": { kind: "invalid-request", status: 404, isBeforeKey: true },
  "wrong-method": { kind: "invalid-request", status: 405, isBeforeKey: true },
  "no-key": unauthorized,
  "wrong-key": unauthorized,
  "wrong-type": { kind: "invalid-request", status: 415 },
  "too-large": { kind: "invalid-request", status: 413 },
  "invalid-request": { kind: "invalid-request" },
  "unsupported-version": { kind: "unsupported-version" },
  "identity-parameter": { kind: "invalid-request" },
  "asks-itself": { kind: "misconfigured", code: "asks-itself" },
  "scope-not-allowed": { kind: "scope-not-allowed" },
  "tenant-not-allowed": { kind: "tenant-not-allowed" },
  "not-configured": { kind: "not-configured" },
  "not-installed": { kind: "not-installed" },
  "not-signed-in": { kind: "not-signed-in" },
  "interaction-required": { kind: "interaction-required" },
  rejected: { kind: "rejected" },
  misconfigured: { kind: "misconfigured" },
  throttled: { kind: "throttled" },
  failed: { kind: "failed" },
  cancelled: { kind: "unreachable" }, // its relay ends
  unreachable: { kind: "unreachable" },
  timeout: { kind: "timeout" },
} as const satisfies Readonly<Record<string, Row>>;

export type RefusalReason = keyof typeof rows;

interface RefusalDetails {
  /** What to do next. */
  readonly remedy?: string | undefined;
  /** Error code of the identity. Default: what the exec contract calls the reason. */
  readonly code?: string | undefined;
  /** When to ask again, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Why a request gets no token. The protocol of the request decides in which form that is answered.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly code: string;
  readonly outcome: FailureOutcome;
  /** HTTP status. */
  readonly status: number;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(reason: RefusalReason, message: string, { remedy, code, retryAfterMs }: RefusalDetails = {}) {
    super(message);
    const row: Row = rows[reason];
    const { code: kind, outcome } = failure(row.kind, message);
    this.reason = reason;
    this.code = code ?? row.code ?? kind;
    this.outcome = outcome;
    this.status = row.status ?? httpStatusOf({ code: kind, outcome });
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the client had shown its key by then. */
  get isOfClient(): boolean {
    return (rows[this.reason] as Row).isBeforeKey !== true;
  }

  /** Message and remedy, for protocols with one field for both. */
  get text(): string {
    return this.remedy === undefined ? this.message : `${this.message} ${this.remedy}`;
  }
}
