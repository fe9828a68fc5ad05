import { aadstsRow } from "@azidentity/core/entra";
import { type CommandResult, type IdentityError, outcomeError, redact } from "@azidentity/core/plugin";
import { plainText } from "./read-output.ts";
import type { AnyTool, Call, FailureRule } from "./tool.ts";

/** The characters of a tool's own text that a message quotes. */
const maxQuoteLength = 400;
/** The messages and exit codes of shells for a program that does not exist. */
const missingProgram = /command not found|: not found|is not recognized as|No such file or directory.{0,200}python/i;
const missingExitCodes = [127, 9009];

/** The failures that all tools share. */
const commonFailures: readonly FailureRule[] = [
  {
    pattern:
      /CERTIFICATE_VERIFY_FAILED|x509: certificate|certificate verify failed|SSL connection could not be established/i,
    outcome: "failed",
    code: "untrusted-certificate",
    remedy: "A proxy seems to inspect TLS: make the tool trust its certificate (for az: REQUESTS_CA_BUNDLE).",
  },
  {
    pattern:
      /failed to establish a new connection|max retries exceeded|name or service not known|no such host|dial tcp|connection (?:was )?(?:refused|reset|aborted)|ProxyError|unable to connect to the remote server|network is unreachable/i,
    outcome: "unreachable",
    remedy: "Check the network and the proxy of this machine.",
  },
];

/**
 * The characters at either end of a tool's output that are searched; the text between is ignored.
 */
const maxEndLength = 16_384;

/** Both ends of a text that is too long to be searched. */
function ends(text: string): string {
  return text.length <= 2 * maxEndLength ? text : `${text.slice(0, maxEndLength)}\n${text.slice(-maxEndLength)}`;
}

/** A tool's output for a message: without secrets, in one line, shortened. */
export function quote(text: string): string {
  const long = /[\w~+=-]{80,}/g; // longer than any word in prose
  const line = redact(text, 4 * maxQuoteLength)
    .replace(long, "[redacted]")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > maxQuoteLength ? `${line.slice(0, maxQuoteLength)}...` : line;
}

/**
 * The tool's error text. Standard output is left out when it may contain a part of an answer.
 */
function errorTextOf(tool: AnyTool, { stdout, stderr }: CommandResult): string {
  const plain = ends(plainText(stderr));
  const errors = plain === "" ? "" : (tool.extractError?.(plain) ?? plain);
  const printed = plainText(stdout);
  return errors !== "" || printed.includes("{") ? errors : ends(printed);
}

function ruleFor(tool: AnyTool, errorText: string): FailureRule | undefined {
  const numbers = [...errorText.matchAll(/\bAADSTS(\d{4,9})\b/g)].map((match) => Number(match[1]));
  const entra = aadstsRow(numbers);
  const own = [...tool.failures, ...commonFailures].find(({ pattern }) => pattern.test(errorText));
  if (entra === undefined) return own;
  const needsUser = entra.outcome === "interaction-required";
  const remedy = needsUser ? (call: Call) => `Run: ${tool.signIn(call)}` : (entra.remedy ?? own?.remedy ?? "");
  return { pattern: /AADSTS/, outcome: entra.outcome, code: entra.code, remedy };
}

/** The error for a run that returned no token. */
export function toolFailure(tool: AnyTool, call: Call, result: CommandResult): IdentityError {
  const { exitCode } = result;
  const errorText = errorTextOf(tool, result);
  const output = errorText === "" ? "" : ` It printed: ${quote(errorText)}`;
  if (missingExitCodes.includes(exitCode) || missingProgram.test(errorText))
    return outcomeError("not-installed", `${tool.name}: ${tool.title} cannot be run.${output}`, {
      remedy: tool.install,
    });
  const rule = ruleFor(tool, errorText);
  const problem = exitCode === 0 ? "printed no token" : `failed with exit code ${exitCode}`;
  const message = `${tool.name}: ${tool.title} ${problem}.${output}`;
  if (rule === undefined) {
    const code = exitCode === 0 ? "unexpected-output" : "tool-failed";
    return outcomeError("failed", message, { code, remedy: `Run it yourself to see the cause: ${tool.signIn(call)}` });
  }
  const remedy = typeof rule.remedy === "string" ? rule.remedy : rule.remedy(call);
  return outcomeError(rule.outcome, message, { code: rule.code, remedy, scopes: call.scopes });
}
