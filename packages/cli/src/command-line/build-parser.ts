import { Command, type Help, InvalidArgumentError, Option } from "commander";
import type { Host } from "../host.ts";
import { hasColours, styleOf } from "../terminal/style.ts";
import { columnsOf, padded, wrapped } from "../terminal/width.ts";
import type {
  CommandDescription,
  CommandGroup,
  CommandInput,
  CommandSection,
  Example,
  OptionDescription,
} from "./description.ts";
import { examplesText } from "./examples.ts";

/** All that the command line can be. */
export interface CommandTable {
  readonly version: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly groups: readonly CommandGroup[];
  readonly sections: readonly CommandSection[];
}

/** What the words of a command have been found to be. */
type Select = (command: CommandDescription, input: Pick<CommandInput, "options" | "arguments">) => void;

function checkedValue(choices: readonly string[] | undefined, value: string): string {
  if (choices === undefined || choices.includes(value)) return value;
  throw new InvalidArgumentError(`It is one of: ${choices.join(", ")}.`);
}

function optionOf({ flags, meaning, repeatable, required, choices, default: value }: OptionDescription): Option {
  const among = choices === undefined ? "" : ` (${choices.join(", ")})`;
  const option = new Option(flags, `${meaning}${among}`);
  if (required) option.makeOptionMandatory();
  if (value !== undefined) option.default(value, value);
  if (!flags.includes("<")) return option;
  return option.argParser<string | readonly string[]>((given, before) => {
    const checked = checkedValue(choices, given);
    return repeatable ? [...(Array.isArray(before) ? before : []), checked] : checked;
  });
}

/** Adds a command to the parser; `select` is called when the command line asks for it. */
function addCommand(parent: Command, description: CommandDescription, select: Select): Command {
  const word = description.name.split(" ").at(-1) as string;
  const { summary, details } = description;
  const command = parent.command(word).summary(summary);
  command.description(details === undefined ? `${sentence(summary)}` : `${sentence(summary)}\n\n${details}`);
  for (const { name, meaning, choices } of description.arguments ?? []) {
    const parse = choices === undefined ? undefined : (value: string) => checkedValue(choices, value);
    if (parse === undefined) command.argument(name, meaning);
    else command.argument(name, `${meaning} (${choices?.join(", ")})`, parse);
  }
  for (const option of description.options ?? []) command.addOption(optionOf(option));
  if (description.rest !== undefined) command.usage(`[options] ${argumentUsage(description)}-- <${description.rest}>`);
  command.action((...all: unknown[]) => {
    const options = command.opts<CommandInput["options"]>();
    select(description, {
      options,
      arguments: all
        .slice(0, -2)
        .flat()
        .filter((one) => one !== undefined) as string[],
    });
  });
  return command;
}

const argumentUsage = ({ arguments: names = [] }: CommandDescription) => names.map(({ name }) => `${name} `).join("");

/** A summary as a sentence. */
const sentence = (summary: string) => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;

/** Columns that a description needs beside its term; where there are fewer, it stands below. */
const besideColumns = 30;

/**
 * An option, argument or command, and what it means: in two columns, on a narrow terminal one below
 * the other.
 */
const formatItem: Help["formatItem"] = (term, termWidth, description, { helpWidth = 80 }) => {
  const beside = helpWidth - termWidth - 4;
  if (description === "") return `  ${term}`;
  if (beside < besideColumns) {
    return [term, ...wrapped(description, helpWidth - 6).map((line) => `    ${line}`)]
      .map((line) => `  ${line}`)
      .join("\n");
  }
  const indent = " ".repeat(termWidth + 4);
  return `  ${padded(term, termWidth)}  ${wrapped(description, beside).join(`\n${indent}`)}`;
};

type Write = (text: string) => void;

/** Has the parser write to us, and fail instead of ending the process. */
function configure(command: Command, host: Host, write: Write): Command {
  const { bold } = styleOf(host.output, host);
  const width = () => columnsOf(host.output);
  return command
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => hasColours(host.output, host),
      getErrHasColors: () => false,
    })
    .configureHelp({ styleTitle: bold, minWidthToWrap: 20, formatItem, subcommandTerm: (each) => each.name() })
    .helpOption("-h, --help", "show this help");
}

/** Adds the group that the first word of a command names, with the examples of all its commands. */
function addGroup(program: Command, { name, summary }: CommandGroup, { sections }: CommandTable, host: Host): Command {
  const inGroup = sections.flatMap(({ commands }) => commands).filter((each) => each.name.startsWith(`${name} `));
  const examples = inGroup.flatMap((each) => each.examples);
  return program
    .command(name)
    .summary(summary)
    .description(sentence(summary))
    .helpCommand(false)
    .addHelpText("after", () => examplesText(examples, host));
}

/** The parser of all commands, which reports what it has found. */
export function buildParser(table: CommandTable, host: Host, write: Write, select: Select): Command {
  const program = configure(new Command("azid"), host, write)
    .description(table.summary)
    .version(table.version, "-V, --version", "show the version");
  program.addHelpText("after", () => examplesText(table.examples, host));
  const added = new Map<string, Command>();
  const groupOf = (word: string): Command | undefined => {
    const group = table.groups.find(({ name }) => name === word);
    if (group !== undefined && !added.has(word))
      added.set(word, configure(addGroup(program, group, table, host), host, write));
    return added.get(word);
  };
  for (const { heading, commands } of table.sections) {
    program.commandsGroup(heading);
    for (const description of commands) {
      const [word = ""] = description.name.split(" ");
      const command = addCommand(groupOf(word) ?? program, description, select);
      configure(command, host, write).addHelpText("after", () => examplesText(description.examples, host));
    }
  }
  return program.helpCommand("help [command...]", "show the help of a command");
}
