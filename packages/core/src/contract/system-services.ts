/**
 * HTTP as sources see it: no redirects, no retries, bounded answers. Rejects when there is no
 * answer or the signal ends.
 */
export interface Http {
  /**
   * Sends one request and reads the response, whatever its status.
   *
   * @throws {IdentityError} `unreachable`, `untrusted-certificate`, `unexpected-certificate`,
   * `answer-too-large`, `invalid-proxy`, `proxy-unsupported`, `transport-unsupported`,
   * `proxy-authentication`, `proxy-refused`, `proxy-unreachable`
   * @throws {Error} the reason of the signal
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

/** The one certificate that a server may have, whatever authority issued it. */
export interface CertificatePin {
  /** The certificate's thumbprint; connections with another one are not shared. */
  readonly thumbprint: string;
  /** Makes an agent of `node:https` refuse any other server, before anything is sent to it. */
  restrict(agent: object): void;
}

/** A request, as a source sends it. */
export interface HttpRequest {
  /** The HTTP method. No request is repeated. */
  readonly method: "GET" | "POST";
  /** Absolute, `https:` or `http:`. */
  readonly url: string;
  /** Default: none besides those that HTTP needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** UTF-8. Default: none. */
  readonly body?: string;
  /** `never` for metadata addresses. Default `default`: what the environment and the config say. */
  readonly proxy?: "default" | "never";
  /**
   * Own roots (PEM), server name, pinned certificate (such a connection goes past every proxy).
   * Default: Node's roots and the host of the URL.
   */
  readonly tls?: { readonly ca?: string; readonly serverName?: string; readonly pin?: CertificatePin };
  /** Bytes; a longer answer is an error. Default 1 048 576. */
  readonly maxResponseBytes?: number;
  /**
   * How to reach the host, where it is not by the system's lookup. Combine it with `proxy:
   * "never"`.
   */
  readonly connection?: Connection;
}

/** How a server is reached. */
export interface Connection {
  /** Names this way: requests share connections only with those whose way has the same name. */
  readonly name: string;
  /** Path of a Unix socket to send the request over. Default: none. */
  readonly socketPath?: string;
  /**
   * Finds the addresses of a host that is a name. Calls `done` with an error, which is what the
   * request fails with, or with the addresses that may be connected to. Default: the system's
   * lookup.
   */
  readonly lookup?: (
    host: string,
    options: { readonly all?: boolean | undefined },
    done: (error: Error | null, address: string | { address: string; family: number }[], family?: number) => void,
  ) => void;
}

/** A response with any status. */
export interface HttpResponse {
  /** HTTP status, e.g. `200`. */
  readonly status: number;
  /** Names in lower case; several values joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** UTF-8. */
  readonly body: string;
}

/** Programs on this machine, run without a shell. */
export interface Commands {
  /**
   * Absolute path of a program on PATH by its bare name, without running anything. The current
   * directory is never searched.
   */
  find(program: string): string | undefined;
  /**
   * Runs the program at this absolute path, in a folder of the system's: nothing is loaded from the
   * current directory. When the signal ends, the whole process tree does. A
   * non-zero exit code is a result, not an error. Anything but an absolute path is refused as
   * `not-installed`.
   *
   * @throws {IdentityError} `not-installed`, `output-too-large`
   * @throws {Error} the reason of the signal
   */
  run(file: string, args: readonly string[], options: CommandOptions, signal: AbortSignal): Promise<CommandResult>;
}

/** How a program runs. */
export interface CommandOptions {
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether `env` is the whole environment. Default false: it is added to that of this process. */
  readonly clearEnv?: boolean;
  /** UTF-8, written to standard input, which is closed then. Default: it is closed at once. */
  readonly input?: string;
  /** Bytes of stdout and stderr each; more is an error. Default 1 048 576. */
  readonly maxOutputBytes?: number;
}

/** What a program printed, and how it ended. */
export interface CommandResult {
  /** Exit code; 0 usually means success. `-1` after a signal. */
  readonly exitCode: number;
  /** The signal that ended it, e.g. `SIGKILL`. Absent: it ended by itself. */
  readonly signal?: string;
  /** Standard output, UTF-8. */
  readonly stdout: string;
  /** Standard error, UTF-8. */
  readonly stderr: string;
}

/** Time, as everything in an identity measures it. */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /**
   * Resolves after `ms`; rejects with the signal's reason. Keeps the process alive, because a
   * caller waits: abort what no caller waits for, or mark its signal with `markBackground`.
   *
   * @throws {Error} the reason of the signal
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls `onEnd` after `ms`, unless the returned function is called before. Timers of time limits,
   * which are almost always stopped, cost a fraction of a `sleep`. `background`: the timer does not
   * keep the process alive. Default: `sleep` is used in its place.
   */
  startTimer?(ms: number, onEnd: () => void, background: boolean): () => void;
}

/**
 * The shape of `console` and of pino (whose first argument has the fields; wrap it). Messages and
 * fields are redacted before they arrive here.
 */
export interface Logger {
  /** What fails, and matters to the operators of the program. */
  error(message: string, fields?: object): void;
  /** What works less well than it was set up to. */
  warn(message: string, fields?: object): void;
  /** What happens rarely: loading, sign-ins, refreshes that failed. */
  info(message: string, fields?: object): void;
  /** Every exchange, without its secrets. */
  debug(message: string, fields?: object): void;
  /** Whether lines of that level go anywhere, for what costs much to say. Absent: they may. */
  writes?(level: "error" | "warn" | "info" | "debug"): boolean;
}
