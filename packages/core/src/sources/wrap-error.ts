import { cleanCause } from "../contract/clean-cause.ts";
import { isIdentityError } from "../contract/errors.ts";
import { outcomeError } from "../contract/outcome-error.ts";
import type { AnySource } from "../contract/plugin.ts";
import { blankOut, redact } from "../contract/redact.ts";
import type { NormalizedRequest } from "../contract/token.ts";

/** A shorter text is no secret, and blanking it out would only make a message unreadable. */
const shortest = 4;

/** The secrets that a source was given, which the texts of the libraries beneath it may quote. */
export function secretsOf(
  source: AnySource,
  options: unknown,
  request: Pick<NormalizedRequest, "userAssertion">,
): string[] {
  const given = (source.options?.secrets ?? []).map((name) => (Object(options) as Record<string, unknown>)[name]);
  const texts = [...given, request.userAssertion].filter((value) => typeof value === "string");
  return texts.filter((text) => text.length >= shortest);
}

/** Makes an error of ours of whatever a source threw. Foreign text is redacted and cut. */
export function wrapError(source: string, error: unknown, secrets: readonly string[] = []): unknown {
  if (isIdentityError(error)) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : "it threw something that is not an error";
  const text = redact(blankOut(said, secrets), 512);
  return outcomeError("failed", `${source} failed: ${text}`, { cause: cleanCause(error, secrets) });
}
