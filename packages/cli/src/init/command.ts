import { dirname, join, resolve } from "node:path";
import type { CommandInput } from "../command-line/description.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { findConfig } from "../project/find-project.ts";
import { type Ask, createAsk } from "../prompts/ask.ts";
import { plainLine } from "../terminal/plain-text.ts";
import { writeLine } from "../terminal/write.ts";
import { configName, configText } from "./config-text.ts";
import { install, installCommand } from "./install.ts";
import { findPackageManager, missingPackages } from "./package-manager.ts";
import { type ProjectChoices, packagesFor } from "./project-choices.ts";
import { askForChoices, choicesFromOptions } from "./read-choices.ts";
import { writeConfig } from "./write-config.ts";

/** Questions are asked at a terminal, unless `--yes` says that the options are all. */
async function askerOf({ options }: CommandInput, host: Host): Promise<Ask | undefined> {
  if (options.yes === true) return undefined;
  return createAsk(host, "Add --yes, and options in place of the answers: azid init --help");
}

/**
 * Whether the config may be written: nothing is there, or the user says that it may be replaced.
 */
async function mayReplace(file: string, input: CommandInput, ask: Ask | undefined): Promise<boolean> {
  const found = findConfig({ environment: {}, workingDirectory: dirname(file) });
  if (found === undefined || dirname(found) !== dirname(file)) return false;
  if (input.options.force === true) return true;
  const isAllowed = found === file && (await ask?.confirm(`${plainLine(file)} exists. Replace it?`)) === true;
  if (isAllowed) return true;
  throw new CommandError("config-exists", `There is a config already: ${found}`, {
    remedy: "Edit it, or add --force to write a new one.",
    exit: "usage",
  });
}

/** Installs what is missing, if the user wants that. */
async function installMissing(
  choices: ProjectChoices,
  folder: string,
  input: CommandInput,
  host: Host,
  ask: Ask | undefined,
) {
  const missing = missingPackages(packagesFor(choices), folder);
  if (missing.length === 0) return;
  const manager = findPackageManager(folder);
  const command = installCommand(manager, missing);
  const isWanted =
    input.options.install === true || (await ask?.confirm(`Install what is missing? ${command}`)) === true;
  if (isWanted) await install(manager, missing, folder, host);
  else await writeLine(host.errorOutput, `Not installed yet. Run: ${command}`);
}

/** Writes a config for the project of a folder, after a few questions. */
export async function run(input: CommandInput, host: Host): Promise<undefined> {
  const folder = resolve(host.workingDirectory, input.arguments[0] ?? ".");
  const ask = await askerOf(input, host);
  const choices = ask === undefined ? choicesFromOptions(input.options) : await askForChoices(ask, input.options);
  const file = join(folder, configName(choices));
  writeConfig(file, configText(choices), await mayReplace(file, input, ask));
  await writeLine(host.output, plainLine(file));
  await installMissing(choices, folder, input, host, ask);
  const isProgram = choices.format === "mts";
  await writeLine(host.errorOutput, `Next: ${isProgram ? "azid trust, then " : ""}azid doctor`);
}
