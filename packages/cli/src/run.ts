import { parseCommandLine } from "./command-line/parse.ts";
import { examples, groups, sections, summary } from "./commands.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { write, writeJson } from "./terminal/write.ts";
import { readVersion } from "./version.ts";

/**
 * What a command has thrown: for people on standard error, as JSON on standard output where JSON
 * was asked for. Loaded when there is an error, because it needs core, which help does not.
 */
async function reportError(error: unknown, isJson: boolean, host: Host): Promise<ExitCode> {
  if (host.signal.aborted) return exitCodes.interrupted.code;
  const [{ describeError }, { errorJson, renderError }] = await Promise.all([
    import("./errors/describe-error.ts"),
    import("./errors/render-error.ts"),
  ]);
  const report = describeError(error);
  if (isJson) await writeJson(host.output, errorJson(report));
  else await write(host.errorOutput, renderError(report, host));
  return report.exitCode;
}

/**
 * Runs a command line. Never rejects.
 *
 * @param words those after the name of the program
 * @returns the exit code of the process (exit-codes.ts)
 */
export async function run(words: readonly string[], host: Host): Promise<ExitCode> {
  let isJson = false;
  try {
    const table = { version: readVersion(), summary, examples, groups, sections };
    const parsed = parseCommandLine(words, table, host);
    if (parsed.kind === "text") {
      await write(host.output, parsed.text);
      return exitCodes.ok.code;
    }
    const { command, input } = parsed;
    isJson = input.options.json === true;
    const code = await (await command.load()).run(input, host);
    return host.signal.aborted ? exitCodes.interrupted.code : (code ?? exitCodes.ok.code);
  } catch (error) {
    return reportError(error, isJson, host);
  }
}
