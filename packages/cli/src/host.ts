import type { Readable, Writable } from "node:stream";

/** Where a command writes to: a stream that may be a terminal. */
export interface Output extends Writable {
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters; `undefined` in a pipe. */
  readonly columns?: number | undefined;
}

/** What a command reads from. */
export interface Input extends Readable {
  readonly isTTY?: boolean | undefined;
}

/** Everything a command knows of the process that runs it. Tests pass their own. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Full path. */
  readonly workingDirectory: string;
  /** The user's home folder; `undefined` where the account has none. */
  readonly home: string | undefined;
  /** Standard input. Opened when it is read for the first time. */
  readonly input: Input;
  /** Standard output: the result alone. */
  readonly output: Output;
  /** Standard error: everything else. */
  readonly errorOutput: Output;
  /** Aborted by Ctrl-C, by SIGTERM, and when the reader of standard output has closed it. */
  readonly signal: AbortSignal;
  /**
   * Leaves Ctrl-C to a program that runs in the same terminal, which gets it, too, and ends when it
   * is ready; until the returned function is called. Changes nothing without a terminal.
   */
  leaveInterrupts(): () => void;
  readonly platform: NodeJS.Platform;
  /** Wall clock in milliseconds since 1970. */
  now(): number;
}
