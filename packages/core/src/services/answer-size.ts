import type { IdentityError } from "../errors/errors.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/** How long an answer may be unless its request says otherwise, bytes. */
export const defaultMaxResponseBytes = 1_048_576;

export function answerTooLarge({ host }: URL, limit: number): IdentityError {
  return outcomeError("failed", `The answer of ${host} is longer than ${limit} bytes.`, {
    code: "answer-too-large",
    remedy: "Check the address, and which program answers there.",
  });
}
