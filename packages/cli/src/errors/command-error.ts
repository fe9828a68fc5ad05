import { type ExitName, exitCodes } from "../exit-codes.ts";

/** What a `CommandError` knows besides its message. */
export interface CommandErrorDetails {
  /** What to type next. */
  readonly remedy?: string;
  /** How the process ends. Default `failed`. */
  readonly exit?: ExitName;
  readonly cause?: unknown;
}

/** An error of `azid` itself: of its command line, its files, its terminal. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** Stable, kebab-case, documented in docs/azid.md. */
  readonly code: string;
  readonly remedy: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, { remedy, exit = "failed", cause }: CommandErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.remedy = remedy;
    this.exitCode = exitCodes[exit].code;
  }
}

/** The command line is wrong. */
export function usageError(message: string, remedy?: string): CommandError {
  return new CommandError("usage", message, { remedy, exit: "usage" });
}
