import { isIdentityError } from "@azidentity/core";
import { describeError } from "../errors/describe-error.ts";
import { sentenceOf } from "../errors/walk-text.ts";
import { Refusal } from "./refusal.ts";

/** What a client is answered when its token could not be acquired. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!isIdentityError(error)) return new Refusal("failed", "The relay has failed.", { code: "failed" });
  const report = describeError(error);
  const { remedy, code } = report;
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined;
  return new Refusal(error.outcome, sentenceOf(report), { remedy, code, retryAfterMs });
}
