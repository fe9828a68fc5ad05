import type { ExitCode } from "../exit-codes.ts";
import type { Host } from "../host.ts";

/** What a value can be, for completion. Default: anything. */
export type ValueKind = "file" | "folder";

/** A word of the command line that is no option. */
export interface ArgumentDescription {
  /** `<url>`: required; `[url]`: optional; `[urls...]`: any number. */
  readonly name: string;
  /** One line. */
  readonly meaning: string;
  /** The only values that are accepted. */
  readonly choices?: readonly string[];
  readonly kind?: ValueKind;
}

/** An option of a command. */
export interface OptionDescription {
  /** `--json`; `-s, --scope <scope>`: with a value; `--no-config`: the option `config` is false. */
  readonly flags: string;
  /** One line. */
  readonly meaning: string;
  /** May be given several times; its values are an array. */
  readonly repeatable?: boolean;
  /** The command cannot run without it. */
  readonly required?: boolean;
  /** The only values that are accepted. */
  readonly choices?: readonly string[];
  /** Values that completion offers; others are accepted, too. */
  readonly suggestions?: readonly string[];
  /** Holds when the option is absent; help shows it. */
  readonly default?: string;
  readonly kind?: ValueKind;
}

/** A command line that a reader can copy. */
export interface Example {
  /** As it is typed: `azid token --scope ...`. */
  readonly command: string;
  /** What it does, as a half sentence. */
  readonly meaning: string;
}

/** What a command is called with. */
export interface CommandInput {
  /**
   * Values by the long name of their flag in camel case: `dryRun` for `--dry-run`. Text, or an
   * array for a repeatable option; `true` for an option without a value; `config: false` for
   * `--no-config`.
   */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** The words that are no options, in order; those of `[urls...]` follow one by one. */
  readonly arguments: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
}

/**
 * Runs a command. Returns the exit code; `undefined` is 0. What it throws is shown as an error
 * (errors/describe-error.ts).
 */
export type RunCommand = (input: CommandInput, host: Host) => Promise<ExitCode | undefined>;

/** A command, as help, completion and the parser read it. */
export interface CommandDescription {
  /** One word, or two for a command of a group: `token`, `cache list`. */
  readonly name: string;
  /** One line that starts with a verb. */
  readonly summary: string;
  /** More about it, for `--help`; paragraphs are separated by an empty line. */
  readonly details?: string;
  readonly arguments?: readonly ArgumentDescription[];
  readonly options?: readonly OptionDescription[];
  /** What stands after `--`, e.g. `command and its arguments`. Default: nothing may. */
  readonly rest?: string;
  /** At least one. */
  readonly examples: readonly Example[];
  /** Imports the module of the command, when it is to run. */
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}

/** Several commands that share their first word. */
export interface CommandGroup {
  readonly name: string;
  /** One line that starts with a verb. */
  readonly summary: string;
}

/** Commands that help lists below one heading. */
export interface CommandSection {
  readonly heading: string;
  readonly commands: readonly CommandDescription[];
}
