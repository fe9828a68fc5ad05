/** HTTP as sources see it: no redirects, no retries, bounded answers. Rejects when there is no answer or the signal ends. */
export interface Http {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `never` for metadata addresses. Default `default`: what the environment and the config say. */
  readonly proxy?: "default" | "never";
  /** Own roots (PEM), server name, pinned certificate (SHA-1 or SHA-256 thumbprint in hex, compared before anything is sent; such a connection goes past every proxy). */
  readonly tls?: { readonly ca?: string; readonly serverName?: string; readonly pinnedThumbprint?: string };
  /** Bytes; a longer answer is an error. Default 1 048 576. */
  readonly maxResponseBytes?: number;
}
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** UTF-8. */
  readonly body: string;
}

/** Programs on this machine, run without a shell. */
export interface Commands {
  /** Absolute path of a program on PATH by its bare name, without running anything. The current directory is never searched. */
  find(program: string): string | undefined;
  /**
   * Runs the program at this absolute path with stdin closed, in a folder of the system's: nothing is loaded from the current directory.
   * When the signal ends, the whole process tree does. A non-zero exit code is a result, not an error. Anything but an absolute path is
   * refused as `not-installed`.
   */
  run(file: string, args: readonly string[], options: CommandOptions, signal: AbortSignal): Promise<CommandResult>;
}
export interface CommandOptions {
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of stdout and stderr each; more is an error. Default 1 048 576. */
  readonly maxOutputBytes?: number;
}
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /**
   * Resolves after `ms`; rejects with the signal's reason. Keeps the process alive, because a caller
   * waits: abort what no caller waits for, or mark its signal with `markBackground`.
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The shape of `console` and of pino (which takes fields first; wrap it). Messages and fields are redacted before they arrive here. */
export interface Logger {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
  /** Whether lines of that level go anywhere, for what costs much to say. Absent: they may. */
  writes?(level: "error" | "warn" | "info" | "debug"): boolean;
}
