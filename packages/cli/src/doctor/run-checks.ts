import { isIdentityError } from "@azidentity/core";
import { outcomeError, withinTime } from "@azidentity/core/plugin";
import type { Finding } from "../findings/finding.ts";
import { withoutRemedy } from "../walks/attempt-text.ts";
import type { DoctorContext } from "./doctor-context.ts";

/** One look at the identity or its surroundings. */
export interface Check {
  /** One word, which `--json` has, too. */
  readonly name: string;
  /** Milliseconds after which it is given up. */
  readonly limitMs: number;
  /** Never prompts. `onFinding` is called with what is found before the end, for a display. */
  run(context: DoctorContext, onFinding: (finding: Finding) => void): Promise<readonly Finding[]>;
}

/** A check that has ended. */
export interface CheckResult {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** What a display is given while checks run. */
export interface Progress {
  /** Something was found before the end of the check. */
  onFinding(check: string, finding: Finding): void;
  onEnd(result: CheckResult): void;
}

function failed(check: Check, error: unknown): Finding {
  if (isIdentityError(error)) {
    const { message, remedy, code } = error;
    return { state: "problem", sentence: withoutRemedy(message, remedy), remedy, code };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { state: "warning", sentence: `The check "${check.name}" failed: ${message}` };
}

/** Ends with its time limit; what it found until then stays. */
async function runCheck(check: Check, context: DoctorContext, progress: Progress): Promise<CheckResult> {
  const { clock } = context.inspection.context;
  const found: Finding[] = [];
  const seconds = check.limitMs / 1_000;
  const late = () =>
    outcomeError("timeout", `The check "${check.name}" had not ended after ${seconds} s.`, {
      remedy: "See what it waits for: azid explain",
    });
  const onFinding = (finding: Finding) => {
    found.push(finding);
    progress.onFinding(check.name, finding);
  };
  const result = await withinTime({ clock, ms: check.limitMs, late }, context.signal, (signal) =>
    check.run({ ...context, signal }, onFinding),
  ).then(
    (findings) => ({ name: check.name, findings }),
    (error: unknown) => {
      context.signal.throwIfAborted();
      return { name: check.name, findings: [...found, failed(check, error)] };
    },
  );
  progress.onEnd(result);
  return result;
}

/**
 * Runs all checks side by side, and returns their results in the order of the list. One that fails
 * or takes too long is a finding of its own.
 *
 * @throws the reason of the context's signal, when that ends
 */
export function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  progress: Progress,
): Promise<readonly CheckResult[]> {
  return Promise.all(checks.map((check) => runCheck(check, context, progress)));
}
