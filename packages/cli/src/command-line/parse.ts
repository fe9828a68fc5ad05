import { CommanderError } from "commander";
import { type CommandError, usageError } from "../errors/command-error.ts";
import type { Host } from "../host.ts";
import { buildParser, type CommandTable } from "./build-parser.ts";
import type { CommandDescription, CommandInput } from "./description.ts";

/** What a command line asks for: a command, or a text (help, the version). */
export type Parsed =
  | { readonly kind: "command"; readonly command: CommandDescription; readonly input: CommandInput }
  | { readonly kind: "text"; readonly text: string };

/** The words before the first `--`, and those after it. */
function splitRest(words: readonly string[]): { own: readonly string[]; rest: readonly string[] | undefined } {
  const at = words.indexOf("--");
  return at < 0 ? { own: words, rest: undefined } : { own: words.slice(0, at), rest: words.slice(at + 1) };
}

/** The command or group that the first words name, as far as they do. */
function namedCommand(words: readonly string[], { groups, sections }: CommandTable): string {
  const names = [...groups, ...sections.flatMap(({ commands }) => commands)].map(({ name }) => name);
  const [first = "", second = ""] = words;
  return [`${first} ${second}`, first].find((name) => names.includes(name)) ?? "";
}

/** An error of the parser, with the words of ours: what is wrong, and where it is explained. */
function refusal({ message }: CommanderError, words: readonly string[], table: CommandTable): CommandError {
  const [problem = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const guess = suggestion === undefined ? "" : `${suggestion.replace(/^\(|\)$/g, "")} `;
  const command = ["azid", namedCommand(words, table), "--help"].filter((word) => word !== "").join(" ");
  return usageError(
    `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, "")}.`,
    `${guess}See: ${command}`,
  );
}

/**
 * Whether the first words name a command or a group; a typing error in them is no wish for help.
 */
function isNamed(words: readonly string[], table: CommandTable): boolean {
  const [first, second] = words.filter((word) => !word.startsWith("-"));
  if (first === undefined) return true;
  const isGroup = table.groups.some(({ name }) => name === first);
  return namedCommand(isGroup && second !== undefined ? [`${first} ${second}`] : [first], table) !== "";
}

/**
 * The same words with `--help`, where they ask for it in another way; without, where they name no
 * command.
 */
function withHelp(words: readonly string[], table: CommandTable): readonly string[] {
  const [first, ...more] = words;
  const isGroup = more.length === 0 && table.groups.some(({ name }) => first === name);
  if (first === undefined || isGroup) return [...words, "--help"];
  const asked = first === "help" ? [...more, "--help"] : words;
  return isNamed(asked, table) ? asked : asked.filter((word) => word !== "--help" && word !== "-h");
}

/**
 * Reads a command line. Without a command, or with the name of a group alone, it asks for help.
 *
 * @param words those after the name of the program
 * @throws {CommandError} `usage`
 */
export function parseCommandLine(words: readonly string[], table: CommandTable, host: Host): Parsed {
  const { own, rest } = splitRest(words);
  const asked = withHelp(own, table);
  let text = "";
  let found: { readonly command: CommandDescription; readonly input: CommandInput } | undefined;
  const write = (part: string) => {
    text += part;
  };
  const parser = buildParser(table, host, write, (command, input) => {
    found = { command, input: { ...input, rest: rest ?? [] } };
  });
  try {
    parser.parse([...asked], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw refusal(error, own, table);
  }
  if (found === undefined) return { kind: "text", text };
  const { name, rest: takesRest } = found.command;
  if (rest !== undefined && takesRest === undefined)
    throw usageError(`"azid ${name}" takes nothing after "--".`, `See: azid ${name} --help`);
  return { kind: "command", ...found };
}
