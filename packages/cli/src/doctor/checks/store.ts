import { isIdentityError } from "@azidentity/core";
import { services } from "@azidentity/core/plugin";
import type { Finding } from "../../findings/finding.ts";
import { withoutRemedy } from "../../walks/attempt-text.ts";
import type { DoctorContext } from "../doctor-context.ts";

function failureOf(error: unknown): Pick<Finding, "sentence" | "remedy" | "code"> {
  const message = error instanceof Error ? error.message : String(error);
  if (!isIdentityError(error)) return { sentence: message };
  return { sentence: withoutRemedy(message, error.remedy), remedy: error.remedy, code: error.code };
}

/** Where the entries are, and what has their key; empty for a store that does not say it. */
async function placeOf({ context }: DoctorContext["inspection"]): Promise<string> {
  const opened = await context.service(services.tokenStore);
  const place = await opened?.place?.();
  return place === undefined ? "" : `: ${place.entries}, key: ${place.key}`;
}

/** Whether tokens outlive the process, and whether what keeps them works. */
export async function store({ inspection }: DoctorContext): Promise<readonly Finding[]> {
  const { store: chosen, context } = inspection;
  if (chosen === undefined)
    return [{ state: "skipped", sentence: "None is configured: tokens end with each program." }];
  const startMono = context.clock.monotonic();
  const error = await chosen.diagnose();
  const ms = context.clock.monotonic() - startMono;
  if (error === undefined)
    return [{ state: "ok", sentence: `The store "${chosen.name}" works${await placeOf(inspection)}.`, ms }];
  return [{ state: "warning", subject: chosen.name, ms, ...failureOf(error) }];
}
