import {
  type CommandResult,
  type IssuedToken,
  outcomeError,
  quoteInMessage,
  redact,
  type TokenRequest,
} from "@azidentity/core/plugin";
import { failureError } from "../acquisition/failure-error.ts";
import { readAnswer } from "../contract/answer.ts";
import { shorten } from "../text/shorten.ts";

/** Letters of standard error that are looked through, and of its last lines that are shown. */
const maxErrorLength = 65_536;
const maxShownLength = 200;

/** One run of a program. */
export interface Run {
  readonly file: string;
  readonly request: Pick<TokenRequest, "claims" | "scopes">;
  /** Values of variables that it was given: they must not show. */
  readonly secrets: readonly string[];
}

const remedy = "Run it in a terminal; docs/exec.md says what it has to print.";

/** The last lines of what a program printed as its error, without secrets. */
function errorText(stderr: string, secrets: readonly string[]): string {
  const clean = redact(stderr.slice(-maxErrorLength), maxErrorLength, secrets).trim();
  const lines = clean.split(/\s*\n\s*/);
  let text = lines.pop() ?? "";
  for (
    let before = lines.pop();
    before !== undefined && before.length + text.length < maxShownLength;
    before = lines.pop()
  )
    text = `${before} ${text}`;
  return text;
}

function toolFailed({ file, secrets }: Run, how: string, stderr: string): Error {
  const start = `exec: ${shorten(file)} ${how}`;
  const text = errorText(stderr, secrets);
  const problem = text === "" ? `${start}, and printed no error.` : quoteInMessage(`${start}: `, text, remedy);
  return outcomeError("failed", problem, { code: "tool-failed", remedy });
}

/**
 * The token that a program has printed.
 *
 * @throws {IdentityError} `tool-failed`, `unexpected-output`, or what the program reported
 */
export function readResult(run: Run, { exitCode, signal, stdout, stderr }: CommandResult): IssuedToken {
  if (signal !== undefined) throw toolFailed(run, `was ended by ${signal}`, stderr);
  const answer = readAnswer(stdout);
  const { request, secrets } = run;
  const file = shorten(run.file);
  if ("failure" in answer) throw failureError(answer.failure, { label: `exec: ${file}`, request, secrets, remedy });
  if (exitCode !== 0) throw toolFailed(run, `ended with exit code ${exitCode}`, stderr);
  if ("token" in answer) return answer.token;
  const problem = `exec: The standard output of ${file} ${answer.problem}.`;
  throw outcomeError("failed", problem, { code: "unexpected-output", remedy });
}
