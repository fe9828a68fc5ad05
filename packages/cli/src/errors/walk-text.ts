import type { IdentityError } from "@azidentity/core";

/** What one source of a chain answered. */
export interface AttemptReport {
  readonly source: string;
  readonly code: string;
  readonly reason: string;
  /** Whether it says more than the error: it was meant to work here, and is not the cause. */
  readonly isFurther: boolean;
}

/** An error without its remedy, and without the attempts of its walk. */
export interface Saying {
  /** One sentence. */
  readonly problem: string;
  /** The most likely cause, or why the chain ended. */
  readonly details?: string;
}

/** The message of an error of core without its remedy, which is a field of its own. */
const withoutRemedy = ({ message, remedy }: IdentityError): string =>
  remedy === undefined ? message : message.replace(` ${remedy}`, "");

/** What each source answered, where a chain of several was asked. */
export function attemptsOf({ walk, message }: IdentityError): readonly AttemptReport[] | undefined {
  if (walk === undefined || walk.attempts.length < 2) return undefined;
  const [firstLine = ""] = message.split("\n");
  return walk.attempts.map(({ source, state, outcome, code = outcome, reason }) => ({
    source,
    code,
    reason,
    isFurther: state !== "absent" && outcome !== "token" && !firstLine.includes(reason),
  }));
}

/**
 * The details of a chain without a token stand in the first line of core's message, those of one
 * that ended below it.
 */
const details = / (?=Most likely: )|\n/;
/** The attempts, which core appends with two spaces before each. */
const attempts = /\n {2}[\s\S]*/;

/** What an error says, without what stands in fields of their own. */
export function sayingOf(error: IdentityError): Saying {
  const text = error.walk === undefined ? withoutRemedy(error) : withoutRemedy(error).replace(attempts, "");
  const at = error.walk === undefined ? -1 : text.search(details);
  return at < 0 ? { problem: text } : { problem: text.slice(0, at), details: text.slice(at + 1) };
}

/** A problem and its details in one line, for programs. */
export function sentenceOf({ problem, details: more }: Saying): string {
  return more === undefined ? problem : `${problem} ${more}`;
}
