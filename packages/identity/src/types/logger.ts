/** Loggers. Assignable to and from those of `@azure/logger`, which need not be installed. */

/** Writes lines of one level. */
export interface Debugger {
  /** Writes its arguments. */
  // biome-ignore lint/suspicious/noExplicitAny: any value can be logged
  (...args: any[]): void;
  /** Whether it writes anything. */
  enabled: boolean;
  /** Ends it; returns whether it was in use. */
  destroy: () => boolean;
  /** Where lines go. May be replaced. Default: stderr. */
  // biome-ignore lint/suspicious/noExplicitAny: any value can be logged
  log: (...args: any[]) => void;
  /** Name before each line, such as `azure:identity:info`. */
  namespace: string;
  /** A logger with a longer name. */
  extend: (namespace: string) => Debugger;
}

/** A logger with the levels of the Azure SDKs. */
export interface AzureLogger {
  /** Failures that the program is unlikely to recover from. */
  error: Debugger;
  /** Failures of an operation. */
  warning: Debugger;
  /** Normal operation. */
  info: Debugger;
  /** Details for troubleshooting. */
  verbose: Debugger;
}
