import { isIdentityError } from "@azidentity/core";
import type { Finding } from "../../findings/finding.ts";
import { withoutRemedy } from "../../walks/attempt-text.ts";
import type { DoctorContext } from "../doctor-context.ts";

function failureOf(error: unknown): Pick<Finding, "sentence" | "remedy" | "code"> {
  const message = error instanceof Error ? error.message : String(error);
  if (!isIdentityError(error)) return { sentence: message };
  return { sentence: withoutRemedy(message, error.remedy), remedy: error.remedy, code: error.code };
}

/** Whether tokens outlive the process, and whether what keeps them works. */
export async function store({ inspection }: DoctorContext): Promise<readonly Finding[]> {
  const { store: chosen, context } = inspection;
  if (chosen === undefined)
    return [{ state: "skipped", sentence: "None is configured: tokens end with each program." }];
  const startMono = context.clock.monotonic();
  const error = await chosen.diagnose();
  const ms = context.clock.monotonic() - startMono;
  if (error === undefined) return [{ state: "ok", sentence: `The store "${chosen.name}" works.`, ms }];
  return [{ state: "warning", subject: chosen.name, ms, ...failureOf(error) }];
}
