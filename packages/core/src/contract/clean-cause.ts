import { blankOut, redact } from "./redact.ts";

/** Longest chain of causes that is kept. */
const depth = 5;
const longest = 8_192;

/**
 * What lay beneath an error, fit to be shown: name, code, message and stack, redacted. The errors of other libraries often carry requests
 * with their bodies and headers, so nothing else of them is kept. `secrets` are blanked out wherever they stand.
 */
export function cleanCause(cause: unknown, secrets: readonly string[] = [], left = depth): unknown {
  const clear = (text: string, limit?: number) => redact(blankOut(text, secrets), limit);
  if (typeof cause === "string") return clear(cause);
  if (!(cause instanceof Error)) return typeof cause === "object" || typeof cause === "function" ? undefined : cause;
  const beneath = left > 0 && cause.cause !== undefined ? { cause: cleanCause(cause.cause, secrets, left - 1) } : {};
  const clean = new Error(clear(cause.message), beneath);
  const { code } = cause as { readonly code?: unknown };
  const stack = cause.stack === undefined ? undefined : clear(cause.stack, longest);
  Object.defineProperty(clean, "name", { value: cause.name });
  Object.defineProperty(clean, "stack", { value: stack });
  return typeof code === "string" ? Object.assign(clean, { code }) : clean;
}
