import type {
  ArgumentDescription,
  CommandDescription,
  CommandGroup,
  OptionDescription,
  ValueKind,
} from "../command-line/description.ts";

/** What can stand where a value is expected. */
export interface Values {
  /** Texts to offer; empty: none are known. */
  readonly choices: readonly string[];
  /** Files or folders to offer. */
  readonly kind: ValueKind | undefined;
}

/** A flag, as it is typed. */
export interface Flag {
  /** `--scope`, and `-s` where there is a short one. */
  readonly names: readonly string[];
  readonly meaning: string;
  /** `undefined`: it has no value. */
  readonly value: Values | undefined;
}

/** What can be typed after the words of a command, or of none. */
export interface Place {
  /** The words: `token`, `cache`, `cache list`; empty at first. */
  readonly words: string;
  /** Commands that can follow. */
  readonly next: readonly { readonly word: string; readonly meaning: string }[];
  readonly flags: readonly Flag[];
  /** What the words of the command that are no flags can be. */
  readonly values: Values;
}

/** All that completion reads. */
export interface Commands {
  readonly groups: readonly CommandGroup[];
  readonly commands: readonly CommandDescription[];
}

const help: Flag = { names: ["--help"], meaning: "show this help", value: undefined };

function flagOf({ flags, meaning, choices, suggestions = [], kind }: OptionDescription): Flag {
  const names = flags.match(/(?<![\w<-])-{1,2}[a-z][\w-]*/gi) ?? [];
  return { names, meaning, value: flags.includes("<") ? { choices: choices ?? suggestions, kind } : undefined };
}

const valuesOf = (list: readonly ArgumentDescription[]): Values => ({
  choices: list.flatMap(({ choices = [] }) => choices),
  kind: list.find(({ kind }) => kind !== undefined)?.kind,
});

/** The places of a command line, the outermost first. */
export function placesOf({ groups, commands }: Commands): readonly Place[] {
  const none: Values = { choices: [], kind: undefined };
  const top = commands.filter(({ name }) => !name.includes(" "));
  const entry = (name: string, summary: string) => ({ word: name.split(" ").at(-1) as string, meaning: summary });
  const first = [...top, ...groups].map(({ name, summary }) => entry(name, summary));
  const version: Flag = { names: ["--version"], meaning: "show the version", value: undefined };
  return [
    { words: "", next: first, flags: [help, version], values: none },
    ...groups.map(({ name: words }) => ({
      words,
      next: commands
        .filter(({ name }) => name.startsWith(`${words} `))
        .map(({ name, summary }) => entry(name, summary)),
      flags: [help],
      values: none,
    })),
    ...commands.map(({ name, options = [], arguments: list = [] }) => ({
      words: name,
      next: [],
      flags: [...options.map(flagOf), help],
      values: valuesOf(list),
    })),
  ];
}

/** The steps from one place to the next: `cache` and `list` lead from `cache` to `cache list`. */
export const stepsOf = (places: readonly Place[]): readonly { from: string; word: string; to: string }[] =>
  places.flatMap(({ words, next }) =>
    next.map(({ word }) => ({ from: words, word, to: words === "" ? word : `${words} ${word}` })),
  );
