import { win32 } from "node:path";
import { type CommandLine, commandLine, findProgram, type ProgramFiles, programFiles } from "@azidentity/core/project";

type Env = Readonly<Record<string, string | undefined>>;

/** What Windows starts without an interpreter, by its end. */
const startable = /\.(?:com|exe|cmd|bat)$/i;

/**
 * The file that a name or a path means on Windows. A name is looked for on PATH, and never in the
 * current directory.
 */
function fileOnWindows(program: string, env: Env, files: ProgramFiles, workingDirectory: string): string | undefined {
  const [extension = ""] = startable.exec(program) ?? [];
  const name = program.slice(0, program.length - extension.length);
  if (!/[\\/:]/.test(program)) return findProgram(name, extension === "" ? env : { ...env, PATHEXT: extension }, files);
  const path = win32.resolve(workingDirectory, program);
  return extension === "" ? [".com", ".exe", ".cmd", ".bat"].map((one) => path + one).find(files.isProgram) : path;
}

/**
 * How a program that a person has typed is started. On Windows `npm` is the batch file `npm.cmd`,
 * which runs in `cmd.exe`; elsewhere the system finds the program.
 *
 * @param files Default: those of this machine
 * @throws {TypeError} a batch file would get an argument that `cmd.exe` interprets
 */
export function programLine(
  [program = "", ...args]: readonly string[],
  { env, workingDirectory }: { readonly env: Env; readonly workingDirectory: string },
  files: ProgramFiles = programFiles(),
): CommandLine {
  if (files.platform !== "win32") return { file: program, args, verbatim: false };
  const file = fileOnWindows(program, env, files, workingDirectory) ?? program;
  return commandLine(file, args, env, files.platform);
}
