import { aadstsRow, aadstsUserRows } from "@azidentity/core/entra";
import { type CommandResult, type IdentityError, outcomeError, quoteInMessage, redact } from "@azidentity/core/plugin";
import { commonFailures } from "./common-failures.ts";
import { plainText } from "./read-output.ts";
import type { AnyTool, Call, FailureRule } from "./tool.ts";

/** Characters of a tool's own text that are looked through for secrets. */
const maxRedactedLength = 1_600;
/** A traceback of Python but for its last line, which says what happened. */
const traceback = /Traceback[\s\S]*\n(?=\w)/;
/**
 * Characters of an error text that only tells to sign in, as the remedy does; a longer one has a
 * reason.
 */
const maxBareLength = 60;
/** Messages and exit codes of shells for a program that does not exist. */
const missingProgram = /command not found|: not found|is not recognized as|No such file or directory.{0,200}python/i;
const missingExitCodes = [127, 9009];

/** Characters at either end of a tool's output that are searched; the text between is ignored. */
const maxEndLength = 16_384;

/** Both ends of a text that is too long to be searched. */
function ends(text: string): string {
  return text.length <= 2 * maxEndLength ? text : `${text.slice(0, maxEndLength)}\n${text.slice(-maxEndLength)}`;
}

/** Characters of JSON, of which a damaged answer that holds a token has some left. */
const json = /[{"]/;

/** The tool's error text. Standard output is left out when it may contain a part of an answer. */
export function errorTextOf(tool: AnyTool, { stdout, stderr }: CommandResult): string {
  const plain = ends(plainText(stderr));
  const printed = plainText(stdout);
  const errors = tool.extractError?.(plain, printed) ?? plain;
  return errors !== "" || json.test(printed) ? errors : ends(printed);
}

/**
 * The rule for an error text: that of Entra's number in it, else the tool's own, else a common one.
 */
function ruleFor(tool: AnyTool, errorText: string): FailureRule | undefined {
  const numbers = [...errorText.matchAll(/\bAADSTS(\d{4,9})\b/g)].map((match) => Number(match[1]));
  const entra = aadstsRow(numbers, aadstsUserRows);
  const own = [...tool.failures, ...commonFailures].find(({ pattern }) => pattern.test(errorText));
  if (entra === undefined) return own;
  const needsUser = entra.outcome === "interaction-required";
  const signIn = (call: Call) => `Run: ${tool.signIn(call)}`;
  const remedy = needsUser ? signIn : (entra.remedy ?? own?.remedy ?? signIn);
  return { pattern: /AADSTS/, outcome: entra.outcome, code: entra.code, remedy };
}

/** A message that quotes the tool's output without secrets, in the room that the remedy leaves. */
function describe(problem: string, errorText: string, remedy: string): string {
  if (errorText === "") return `${problem}.`;
  const long = /[\w~+=-]{80,}/g; // longer than any word in prose
  const clean = redact(errorText.replace(traceback, ""), maxRedactedLength).replace(long, "[redacted]");
  return quoteInMessage(`${problem}. It printed: `, clean, remedy);
}

/** The remedy of a rule. Without a folder there is no sign-in, whatever the tool says. */
function remedyOf(tool: AnyTool, call: Call, { remedy, outcome }: Pick<FailureRule, "remedy" | "outcome">): string {
  const own = typeof remedy === "string" ? remedy : remedy(call, tool);
  const isAboutFolder = call.isHomeless && (outcome === "not-signed-in" || outcome === "failed");
  return isAboutFolder ? `This account has no home folder: set HOME. ${own}` : own;
}

/**
 * The remedy of a missing sign-in depends on the call; that of a missing choice, such as a
 * subscription, is a text.
 */
const isSignedOut = (rule: FailureRule | undefined) =>
  rule?.outcome === "not-signed-in" && typeof rule.remedy === "function";

/** What happened; a missing sign-in says more than how the tool ended. */
function howItEnded(exitCode: number, rule: FailureRule | undefined): string {
  if (isSignedOut(rule)) return "is not signed in";
  if (exitCode === 0) return "printed no token";
  return exitCode < 0 ? "was ended by a signal" : `failed with exit code ${exitCode}`;
}

/** The error for a run that returned no token. */
export function toolFailure(tool: AnyTool, call: Call, result: CommandResult): IdentityError {
  const { exitCode } = result;
  const name = `${tool.name}: ${tool.title}`;
  const errorText = errorTextOf(tool, result);
  if (missingExitCodes.includes(exitCode) || missingProgram.test(errorText)) {
    const remedy = tool.install;
    return outcomeError("not-installed", describe(`${name} cannot be run`, errorText, remedy), { remedy });
  }
  const rule = ruleFor(tool, errorText);
  const problem = `${name} ${howItEnded(exitCode, rule)}`;
  if (rule === undefined) {
    const code = exitCode === 0 ? "unexpected-output" : "tool-failed";
    const inTerminal = `Run it in a terminal to see the cause: ${tool.signIn(call)}`;
    const remedy = remedyOf(tool, call, { outcome: "failed", remedy: inTerminal });
    return outcomeError("failed", describe(problem, errorText, remedy), { code, remedy });
  }
  const remedy = remedyOf(tool, call, rule);
  const quoted = isSignedOut(rule) && errorText.length < maxBareLength ? "" : errorText;
  const details = { code: rule.code, remedy, scopes: call.scopes };
  return outcomeError(rule.outcome, describe(problem, quoted, remedy), details);
}
