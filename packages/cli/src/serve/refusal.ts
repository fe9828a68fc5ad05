import type { OutcomeCode } from "@azidentity/core";

interface Row {
  /** HTTP status. */
  readonly status: number;
  /** Code in the exec contract (docs/exec.md), if that is not the reason itself. */
  readonly execCode?: string;
  readonly outcome: OutcomeCode;
  /** Whether it is found before the key: the request may come from any program. */
  readonly isBeforeKey?: true;
}

const foreign: Row = { status: 403, execCode: "forbidden", outcome: "rejected", isBeforeKey: true };
const unauthorized: Row = { status: 401, execCode: "unauthorized", outcome: "misconfigured", isBeforeKey: true };
const invalid: Omit<Row, "status"> = { execCode: "invalid-request", outcome: "failed" };

/** One row for each reason why a request gets no token: those of the relay, then those of its identity. */
const rows = {
  "foreign-address": foreign,
  "foreign-host": foreign,
  "from-browser": foreign,
  "unknown-path": { ...invalid, status: 404, isBeforeKey: true },
  "wrong-method": { ...invalid, status: 405, isBeforeKey: true },
  "no-key": unauthorized,
  "wrong-key": unauthorized,
  "wrong-type": { ...invalid, status: 415 },
  "too-large": { ...invalid, status: 413 },
  "invalid-request": { ...invalid, status: 400 },
  "unsupported-version": { status: 400, outcome: "failed" },
  "identity-parameter": { ...invalid, status: 400 },
  "asks-itself": { status: 424, outcome: "misconfigured" },
  "scope-not-allowed": { status: 403, outcome: "rejected" },
  "tenant-not-allowed": { status: 403, outcome: "rejected" },
  "not-configured": { status: 424, outcome: "not-configured" },
  "not-installed": { status: 424, outcome: "not-installed" },
  "not-signed-in": { status: 424, outcome: "not-signed-in" },
  "interaction-required": { status: 424, outcome: "interaction-required" },
  rejected: { status: 424, outcome: "rejected" },
  misconfigured: { status: 424, outcome: "misconfigured" },
  throttled: { status: 429, outcome: "throttled" },
  failed: { status: 502, outcome: "failed" },
  cancelled: { status: 503, outcome: "unreachable" },
  unreachable: { status: 503, outcome: "unreachable" },
  timeout: { status: 504, outcome: "timeout" },
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

/** Why a request gets no token. The protocol of the request decides in which form that is answered. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(reason: RefusalReason, message: string, { remedy, code, retryAfterMs }: RefusalDetails = {}) {
    super(message);
    const row: Row = rows[reason];
    this.reason = reason;
    this.code = code ?? row.execCode ?? reason;
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }

  /** HTTP status. */
  get status(): number {
    return rows[this.reason].status;
  }

  get outcome(): OutcomeCode {
    return rows[this.reason].outcome;
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
