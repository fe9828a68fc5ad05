import { isIdentityError } from "@azidentity/core";
import { inspectIdentity } from "@azidentity/core/inspect";
import type { CommandInput } from "../command-line/description.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { findConfig } from "../project/find-project.ts";
import { identitySettingsOf, openIdentity } from "../project/open-identity.ts";
import { plainLine, plainText } from "../terminal/plain-text.ts";
import { styleOf } from "../terminal/style.ts";
import { columnsOf, wrapped } from "../terminal/width.ts";
import { writeJson, writeLine } from "../terminal/write.ts";
import { type ConfigProblem, checkEntries } from "./check-entries.ts";

interface Checked {
  readonly file: string | undefined;
  readonly problems: readonly ConfigProblem[];
}

async function show({ file, problems }: Checked, host: Host): Promise<void> {
  const { red, green } = styleOf(host.output, host);
  const name = file === undefined ? "The default config" : plainLine(file);
  if (problems.length === 0) return writeLine(host.output, `${name} is ${green("valid")}.`);
  await writeLine(host.output, `${name} is ${red("not valid")}:`);
  for (const { where, message } of problems) {
    const text = `${where}${where === "" ? "" : ": "}${plainText(message)}`;
    const lines = wrapped(text, columnsOf(host.output) - 2);
    for (const line of lines) await writeLine(host.output, `  ${line}`);
  }
}

/** Loads config and plugins, and checks each source that the config names. */
async function check(input: CommandInput, host: Host): Promise<Checked> {
  const settings = identitySettingsOf(input);
  const file = findConfig(host, settings.config);
  try {
    const { identity, close } = await openIdentity(host, settings);
    try {
      const { settings: config } = await inspectIdentity(identity);
      return { file, problems: checkEntries(identity, config) };
    } finally {
      await close();
    }
  } catch (error) {
    if (!isIdentityError(error) || error.name !== "ConfigurationError") throw error;
    return { file, problems: [{ where: error.path ?? "", code: error.code, message: error.message }] };
  }
}

/** `azid config validate`. */
export async function run(input: CommandInput, host: Host): Promise<ExitCode | undefined> {
  const checked = await check(input, host);
  const isValid = checked.problems.length === 0;
  if (input.options.json === true) {
    await writeJson(host.output, { file: checked.file, valid: isValid, problems: checked.problems });
  } else await show(checked, host);
  return isValid ? undefined : exitCodes.configuration.code;
}
