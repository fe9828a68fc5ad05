import { windowsFolder, windowsProgram } from "../util/windows.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The arguments for `spawn`. */
export interface CommandLine {
  /** What is started: the program, or `cmd.exe`. */
  readonly file: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The arguments are quoted already. */
  readonly verbatim: boolean;
}

/**
 * Characters that `cmd.exe` interprets even between quotes. `\p{Cc}` has the same ones, and takes
 * longer to load.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const inArguments = /[\0-\x1f\x7f-\x9f%!^&|<>()"]|\\$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters
const inPaths = /[\0-\x1f\x7f-\x9f%!"]/;

/**
 * The working directory of programs: a folder of the system, because many load files from the
 * current directory, which other users may write.
 */
export function systemFolder(env: Env, platform: NodeJS.Platform): string {
  return platform === "win32" ? windowsFolder(env) : "/";
}

/**
 * A program and its arguments, unchanged. A batch file of Windows runs only in `cmd.exe`, whose
 * quoting is incomplete: characters that it would interpret are refused.
 *
 * @throws {TypeError} the path or an argument of a batch file has such a character
 */
export function commandLine(file: string, args: readonly string[], env: Env, platform: NodeJS.Platform): CommandLine {
  if (platform !== "win32" || !/\.(cmd|bat)$/i.test(file)) return { file, args, verbatim: false };
  if (inPaths.test(file))
    throw new TypeError("The path of a batch file holds a character that cmd.exe would interpret.");
  const bad = args.findIndex((arg) => inArguments.test(arg));
  if (bad >= 0)
    throw new TypeError(`Argument ${bad + 1} of a batch file holds a character that cmd.exe would interpret.`);
  const quoted = [file, ...args].map((part) => `"${part}"`).join(" ");
  return {
    file: windowsProgram("cmd.exe", env),
    args: ["/d", "/s", "/v:off", "/c", `"${quoted}"`],
    verbatim: true,
  };
}

/** The command that ends a process of Windows with all processes that it has started. */
export function killTreeLine(pid: number, env: Env): Pick<CommandLine, "file" | "args"> {
  return { file: windowsProgram("taskkill.exe", env), args: ["/pid", String(pid), "/T", "/F"] };
}
