import { isIdentityError, outcomeError } from "../contract/errors.ts";
import { redact } from "../contract/redact.ts";

/** Makes an error of ours of whatever a source threw. Foreign text is redacted and cut. */
export function wrapError(source: string, error: unknown): unknown {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "it threw something that is not an error";
  return outcomeError("failed", `${source} failed: ${redact(text, 512)}`, { cause: error });
}
