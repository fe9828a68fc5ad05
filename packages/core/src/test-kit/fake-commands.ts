import type { CommandOptions, CommandResult, Commands } from "../contract/system-services.ts";
import { outcomeError } from "../errors/outcome-error.ts";

/** One run of a program. */
export interface FakeRun {
  /** Its bare name. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its variables and limits. */
  readonly options: CommandOptions;
}

/** What a program does: its exit code and output. Default: exit code 0, no output. */
export type FakeProgram = (run: FakeRun) => Partial<CommandResult> | Promise<Partial<CommandResult>>;

/** The commands of a test, with a record of what was run. */
export interface FakeCommands extends Commands {
  /** The runs, in order. */
  readonly runs: readonly FakeRun[];
}

/** Programs by name; one that is not in the table is not installed. */
export function createFakeCommands(programs: Readonly<Record<string, FakeProgram>> = {}): FakeCommands {
  const runs: FakeRun[] = [];
  const folder = "/fake/bin/";
  return {
    runs,
    find: (program) => (Object.hasOwn(programs, program) ? folder + program : undefined),
    async run(file, args, options, signal) {
      signal.throwIfAborted();
      const program = file.startsWith(folder) ? file.slice(folder.length) : file;
      const behave = programs[program];
      if (behave === undefined) throw outcomeError("not-installed", `${file} cannot be run.`);
      const run = { program, args, options };
      runs.push(run);
      const ended = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      return { exitCode: 0, stdout: "", stderr: "", ...(await Promise.race([behave(run), ended])) };
    },
  };
}
