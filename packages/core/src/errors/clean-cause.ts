import { isError } from "../util/is-error.ts";
import { redact } from "./redact.ts";

/** Longest chain of causes that is kept. */
const depth = 5;
const longest = 8_192;
/** What Node and most libraries have as a code. */
const codeForm = /^[\w.:/-]{1,64}$/;

/**
 * The cause of an error, fit to be shown: name, code, message and stack of an error, redacted,
 * and nothing of anything else. The errors of other libraries often carry requests with their
 * bodies and headers, and a text that is thrown may be anything. `secrets` are blanked out wherever
 * they stand, in every encoding.
 */
export function cleanCause(cause: unknown, secrets: readonly string[] = []): Error | undefined {
  try {
    return isError(cause) ? clean(cause, secrets, depth) : undefined;
  } catch {
    return undefined; // its properties throw
  }
}

function clean(error: Error, secrets: readonly string[], left: number): Error {
  const clear = (text: unknown, limit?: number) => (typeof text === "string" ? redact(text, limit, secrets) : "");
  const { cause } = error;
  const nested = left > 0 && isError(cause) ? { cause: clean(cause, secrets, left - 1) } : {};
  const copy = new Error(clear(error.message), nested);
  const { code } = error as { readonly code?: unknown };
  Object.defineProperty(copy, "name", { value: clear(error.name, 128) });
  Object.defineProperty(copy, "stack", { value: clear(error.stack, longest) || undefined });
  if (typeof code === "string" && codeForm.test(code)) Object.assign(copy, { code: clear(code) });
  return copy;
}
