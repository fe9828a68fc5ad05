import { aadstsRow, type CommandResult, type IdentityError, outcomeError, redact } from "@azidentity/core/plugin";
import { plainText } from "./read-output.ts";
import type { AnyTool, Call, FailureRule } from "./tool.ts";

/** Characters of the tool's own text that a message quotes. */
const quoted = 400;
/** What shells say of a program that is not there, and the exit codes that stand for it. */
const missing = /command not found|: not found|is not recognized as|No such file or directory.{0,200}python/i;
const missingCodes = [127, 9009];

/** What all tools may run into. */
const common: readonly FailureRule[] = [
  {
    says: /CERTIFICATE_VERIFY_FAILED|x509: certificate|certificate verify failed|SSL connection could not be established/i,
    outcome: "failed",
    code: "untrusted-certificate",
    remedy: "A proxy seems to inspect TLS: make the tool trust its certificate (for az: REQUESTS_CA_BUNDLE).",
  },
  {
    says: /failed to establish a new connection|max retries exceeded|name or service not known|no such host|dial tcp|connection (?:was )?(?:refused|reset|aborted)|ProxyError|unable to connect to the remote server|network is unreachable/i,
    outcome: "unreachable",
    remedy: "Check the network and the proxy of this machine.",
  },
];

/** Letters at either end of a tool's output that are looked through for what it means; what is said between is not. */
const readAtEnds = 16_384;

/** Both ends of a text that is too long to be looked through. */
function ends(text: string): string {
  return text.length <= 2 * readAtEnds ? text : `${text.slice(0, readAtEnds)}\n${text.slice(-readAtEnds)}`;
}

/** What a message may show of a tool's output: without secrets, in one line, cut. */
export function quote(text: string): string {
  const long = /[\w~+=-]{80,}/g; // no word of a sentence is that long
  const line = redact(text, 4 * quoted)
    .replace(long, "[redacted]")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > quoted ? `${line.slice(0, quoted)}...` : line;
}

/** The tool's own words. What it prints besides is not quoted when it could be half of an answer. */
function wordsOf(tool: AnyTool, { stdout, stderr }: CommandResult): string {
  const plain = ends(plainText(stderr));
  const errors = plain === "" ? "" : (tool.said?.(plain) ?? plain);
  const printed = plainText(stdout);
  return errors !== "" || printed.includes("{") ? errors : ends(printed);
}

function ruleFor(tool: AnyTool, words: string): FailureRule | undefined {
  const numbers = [...words.matchAll(/\bAADSTS(\d{4,9})\b/g)].map((match) => Number(match[1]));
  const entra = aadstsRow(numbers);
  const own = [...tool.failures, ...common].find(({ says }) => says.test(words));
  if (entra === undefined) return own;
  const asksPerson = entra.outcome === "interaction-required";
  const remedy = asksPerson ? (call: Call) => `Run: ${tool.signIn(call)}` : (entra.remedy ?? own?.remedy ?? "");
  return { says: /AADSTS/, outcome: entra.outcome, code: entra.code, remedy };
}

/** The error for a run that brought no token. */
export function toolFailure(tool: AnyTool, call: Call, result: CommandResult): IdentityError {
  const { exitCode } = result;
  const words = wordsOf(tool, result);
  const said = words === "" ? "" : ` It said: ${quote(words)}`;
  if (missingCodes.includes(exitCode) || missing.test(words))
    return outcomeError("not-installed", `${tool.name}: ${tool.title} cannot be run.${said}`, { remedy: tool.install });
  const rule = ruleFor(tool, words);
  const what = exitCode === 0 ? "printed no token" : `failed with exit code ${exitCode}`;
  const message = `${tool.name}: ${tool.title} ${what}.${said}`;
  if (rule === undefined) {
    const code = exitCode === 0 ? "unexpected-output" : "tool-failed";
    return outcomeError("failed", message, { code, remedy: `Try it by hand: ${tool.signIn(call)}` });
  }
  const remedy = typeof rule.remedy === "string" ? rule.remedy : rule.remedy(call);
  return outcomeError(rule.outcome, message, { code: rule.code, remedy, scopes: call.scopes });
}
