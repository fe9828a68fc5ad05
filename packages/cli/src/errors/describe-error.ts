import { ConfigurationError, type IdentityError, isIdentityError } from "@azidentity/core";
import { type ExitName, exitCodes } from "../exit-codes.ts";
import { CommandError } from "./command-error.ts";
import { type AttemptReport, attemptsOf, type Saying, sayingOf } from "./walk-text.ts";

/** An error, as the terminal and `--json` show it. It has no secret: core redacts its messages. */
export interface ErrorReport extends Saying {
  /** Stable, kebab-case: of docs/errors.md, or of `azid` (docs/azid.md). */
  readonly code: string;
  /** What to type next. */
  readonly remedy?: string;
  /** One for each source of the chain. */
  readonly attempts?: readonly AttemptReport[];
  /** Of a request for a token: how it ended (docs/errors.md). */
  readonly outcome?: string;
  /** Milliseconds after which it makes sense to ask again. */
  readonly retryAfterMs?: number;
  readonly exitCode: number;
}

/** Outcomes after which a user, or the owner of the machine, has to sign something in. */
const signInOutcomes: readonly string[] = ["interaction-required", "not-signed-in", "not-configured", "not-installed"];

/** How the process ends when a token request has failed with this outcome. */
export function exitOfOutcome(outcome: string): ExitName {
  if (outcome === "cancelled") return "interrupted";
  if (outcome === "misconfigured") return "configuration";
  return signInOutcomes.includes(outcome) ? "signInNeeded" : "failed";
}

function describeIdentityError(error: IdentityError): ErrorReport {
  const attempts = attemptsOf(error);
  const { code, outcome, remedy } = error;
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined;
  return {
    code,
    outcome,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...sayingOf(error),
    ...(remedy !== undefined && { remedy }),
    ...(attempts !== undefined && { attempts }),
    exitCode: exitCodes[exitOfOutcome(outcome)].code,
  };
}

/** What became of an error that a command has thrown. */
export function describeError(error: unknown): ErrorReport {
  if (isIdentityError(error)) return describeIdentityError(error);
  if (error instanceof CommandError) {
    const { code, message: problem, remedy, exitCode } = error;
    return { code, problem, ...(remedy !== undefined && { remedy }), exitCode };
  }
  const { code, message = String(error) } = Object(error) as Partial<NodeJS.ErrnoException>;
  const refused = new ConfigurationError("permission-denied", message, { cause: error });
  // core knows which flag of the runtime it needs
  if (refused.remedy !== undefined) return describeIdentityError(refused);
  const isSystem = typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
  return { code: isSystem ? "system" : "internal", problem: message, exitCode: exitCodes.failed.code };
}
